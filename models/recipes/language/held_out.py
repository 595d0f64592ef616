"""Write ``held_out.jsonl``: generated texts of the families that training never sees, typed as people type.

``python -m models.recipes.language.held_out``. One record a line: id, text, spans (start, end, label; label null counts
neither way). Its seed is none of the training's.
"""

import json
from random import Random

from app.anonymise.finder import Finder
from models.recipes.language.chats import HERE, Chats
from models.recipes.language.noise import retype
from models.recipes.language.sources import masked

SEED = 50_021
TEXTS = 1_000
SHARES = {"chats": 0.75, "plain": 0.25}


def main() -> None:
    """Write the file."""
    chats, finder = Chats(), Finder()
    lines = []
    for number in range(TEXTS):
        rng = Random(SEED + number)
        kind = rng.choices(tuple(SHARES), tuple(SHARES.values()))[0]
        marked = retype(rng, masked(chats.draw(rng, is_held_out=True, kind=kind), None, finder))
        spans = [{"start": mark.start, "end": mark.end, "label": mark.label} for mark in marked.marks]
        lines.append(json.dumps({"id": number, "text": marked.text, "spans": spans}, ensure_ascii=False) + "\n")
    (HERE / "held_out.jsonl").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
