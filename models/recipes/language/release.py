"""What is shipped of a trained pipeline: no word of the training material, and a manifest of what is there.

``python -m models.recipes.language.release TRAINED SHIPPED`` copies, strips and writes ``manifest.json``.
"""

import argparse
import hashlib
import json
import shutil
from pathlib import Path

MANIFEST_NAME = "manifest.json"
VERSION = "1.1.0"
LICENCE = "CC-BY-SA-4.0"
DOCUMENTS = frozenset({"MODEL_CARD.md"})


def strip(folder: Path) -> None:
    """Empty the list of words that were seen in training: nothing needs it, and real names stand in it."""
    (folder / "vocab" / "strings.json").write_text("[]\n", encoding="utf-8")
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    meta |= {"lang": "en", "name": "vestibule_names", "version": VERSION, "license": LICENCE}
    (folder / "meta.json").write_text(json.dumps(meta, indent=2) + "\n", encoding="utf-8")


def write_manifest(folder: Path) -> None:
    """Write ``manifest.json``: SHA-256 of every file but itself and the card."""
    paths = sorted(
        path for path in folder.rglob("*") if path.is_file() and path.name not in {MANIFEST_NAME, *DOCUMENTS}
    )
    files = {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    manifest = {"name": "vestibule-names-en", "licence": LICENCE, "files": files}
    (folder / MANIFEST_NAME).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def release(trained: Path, shipped: Path) -> None:
    """Copy ``trained`` to ``shipped``, keeping its documents."""
    for path in shipped.glob("*"):
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name not in DOCUMENTS:
            path.unlink()
    shutil.copytree(trained, shipped, dirs_exist_ok=True)
    strip(shipped)
    write_manifest(shipped)


def main() -> None:
    """Read the arguments and release."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trained", type=Path)
    parser.add_argument("shipped", type=Path)
    arguments = parser.parse_args()
    release(arguments.trained, arguments.shipped)


if __name__ == "__main__":
    main()
