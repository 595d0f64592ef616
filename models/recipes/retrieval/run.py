"""One command from data to table: ``python -m models.recipes.retrieval.run --data DIR --work DIR``.

Steps, each kept in the work folder and not repeated: ``start`` (words beside words), ``fold`` (a table that has not
seen every fifth kind and topic; only the fusion is fitted with it), ``full`` (the table that is shipped). Then weights
are fitted, everything is measured, and table, weights and manifest are written. Two cores need about twelve minutes.
"""

import argparse
import hashlib
import json
from dataclasses import asdict, replace
from pathlib import Path
from random import Random
from typing import Any

import torch

from app.knowledge.meaning import Fusion, MeaningModel
from app.knowledge.vectors import Floats, WordVectors
from models.recipes.mix import load_kinds
from models.recipes.retrieval import generated
from models.recipes.retrieval.fusion import BLANK_POINT, fit_aside, fit_fusion, judge
from models.recipes.retrieval.material import Material
from models.recipes.retrieval.measure import measure, measure_demo
from models.recipes.retrieval.offices import draw_office, small_offices
from models.recipes.retrieval.pointer import fit_point
from models.recipes.retrieval.tables import DIMS, Places, make_start, make_table
from models.recipes.retrieval.train import Plan

SEED = 20_261
FIT_SEEDS, CHECK_SEEDS = range(1, 11), range(101, 106)
SMALL_OFFICES = 24
TABLE, WEIGHTS, MANIFEST = "vectors.bin", "fusion.json", "manifest.json"


def main() -> None:
    """Make the table that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds dialogues/ and text/")
    parser.add_argument("--wordnet", type=Path, default=Path("/usr/share/wordnet"), help="files of wordnet-base")
    parser.add_argument("--work", type=Path, required=True, help="folder for what is kept between steps")
    parser.add_argument("--out", type=Path, default=Path("models/retrieval"), help="folder of the finished model")
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    arguments.work.mkdir(parents=True, exist_ok=True)
    whole = Material(generated.training_kinds(), generated.read_topics(), generated.read_uncovered())
    seen, held = whole.halves()
    places = Places(arguments.data, arguments.wordnet, arguments.work)
    start = make_start(places, whole, SEED)
    plan = Plan(steps=arguments.steps, seed=SEED)
    fold = make_table("fold", start, seen, plan, places)
    fusion = _fusion(fold, seen, held)
    full = make_table("full", start, whole, plan, places)
    table = (arguments.work / "full.bin").read_bytes()
    shipped = replace(fusion, aside=_aside(full, whole))
    _write(arguments.out, table, shipped, _measures(full, fold, shipped, fusion, held))


def _aside(vectors: WordVectors, material: Material) -> Floats:
    rng = Random(SEED)
    covered = [pair.left for pair in generated.kind_pairs(material.kinds, rng, 1_500)]
    covered += [question for topic in material.topics for question in topic.questions]
    return fit_aside(
        vectors, covered, generated.near_misses(material.kinds, material.topics, rng) + material.asides * 3
    )


def _fusion(fold: WordVectors, seen: Material, held: Material) -> Fusion:
    aside = _aside(fold, seen)
    offices = [draw_office(held.kinds, held.topics, held.asides[:30], seed) for seed in FIT_SEEDS]
    unseen = held.topics + generated.read_topics(generated.FOLDER / "unseen.txt")
    small = small_offices(held.kinds, unseen, held.asides[:30], SEED, SMALL_OFFICES)
    judged, judged_small = judge(offices, fold, aside), judge(small, fold, aside)
    first = fit_fusion(judged, judged_small, aside, BLANK_POINT)
    return replace(first, point=fit_point(MeaningModel(fold, first), held.kinds, SEED))


def _measures(full: WordVectors, fold: WordVectors, shipped: Fusion, fitted: Fusion, held: Material) -> dict[str, Any]:
    book = load_kinds()
    unseen = [*book.held_kinds, *book.held_sector]
    fold_offices = [draw_office(held.kinds, held.topics, held.asides[30:], seed) for seed in CHECK_SEEDS]
    new_offices = [draw_office(unseen, (), (), seed) for seed in CHECK_SEEDS]
    return {
        "fold: kinds and topics that the fold's table has not seen": asdict(measure(fold_offices, fold, fitted)),
        "kinds that nothing here was trained on": asdict(measure(new_offices, full, shipped)),
        "demo clinic": asdict(measure_demo("clinic", full, shipped)),
        "demo law": asdict(measure_demo("law", full, shipped)),
    }


def _write(out: Path, table: bytes, fusion: Fusion, measures: dict[str, Any]) -> None:
    lists = {"rank": fusion.rank, "gate": fusion.gate, "aside": fusion.aside, "point": fusion.point}
    weights: dict[str, Any] = {name: [round(float(x), 5) for x in values] for name, values in lists.items()}
    weights |= {"min_coverage": round(fusion.min_coverage, 4), "max_gap": round(fusion.max_gap, 3)}
    text = json.dumps(weights, indent=1) + "\n"
    manifest = {
        "name": "vestibule-word-vectors",
        "file": TABLE,
        "sha256": hashlib.sha256(table).hexdigest(),
        "size_bytes": len(table),
        "fusion": WEIGHTS,
        "fusion_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "licence": "CC-BY-SA-4.0",
        "seed": SEED,
        "dims": DIMS,
        "measures": measures,
    }
    out.mkdir(parents=True, exist_ok=True)
    (out / TABLE).write_bytes(table)
    (out / WEIGHTS).write_text(text, encoding="utf-8")
    (out / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(measures, indent=2))


if __name__ == "__main__":
    main()
