"""Renews what is derived in ``resources/patient``: phrase lists, the modules named in the start page, files.

    python packaging/patient/renew.py           # writes what changed, prints its names
    python packaging/patient/renew.py --check   # writes nothing; exit 1 when something would change

The gateway serves exactly what ``files.json`` names and refuses to start when a digest differs, so run this before
every commit that touches the page. Exit 1 as well when the page would grow beyond ``MAX_ZIPPED_BYTES``.
"""

import argparse
import gzip
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from app.domain.folding import fold_word

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
PAGE = RESOURCES / "patient"
BOOKS = RESOURCES / "phrases" / "emergency"
MAX_ZIPPED_BYTES = 450_000
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
MODULES = "<!-- modules: packaging/patient/renew.py -->"
END_OF_MODULES = "<!-- end of modules -->"
NOT_SERVED = {"files.json", "vendor/hashes.json"}


def phrase_list(book: Mapping[str, Any], numbers: Mapping[str, Any]) -> bytes:
    """Return one book of the office as the page reads it (ui/phrases.mjs): slots with their words folded."""
    phrases = [
        [raw["kind"], raw["gap"], [_folded(slot) for slot in slots], "all_of" in raw]
        for raw in book["phrases"]
        for slots in [raw.get("all_of") or raw["phrase"].split()]
    ]
    crisis = {country: lines["crisis"] for country, lines in numbers["countries"].items()}
    return _compact({"v": 1, "crisis": crisis, "phrases": phrases})


def phrase_lists() -> Iterator[tuple[str, bytes]]:
    """Yield (path in the page, bytes) of every book."""
    numbers = json.loads((BOOKS / "numbers.json").read_bytes())
    for path in sorted(BOOKS.glob("*.??.json")):
        yield f"phrases/{path.name}", phrase_list(json.loads(path.read_bytes()), numbers)


def start_page(page: Path = PAGE) -> bytes:
    """Return ``index.html`` with every module named: a slow line is not asked anew for each depth of imports."""
    before, _, rest = (page / "index.html").read_text(encoding="utf-8").partition(MODULES)
    after = rest.partition(END_OF_MODULES)[2]
    links = [f'<link rel="modulepreload" href="/{name}">' for name, path in served(page) if path.suffix == ".mjs"]
    return "\n    ".join([before + MODULES, *links, END_OF_MODULES + after]).encode()


def file_list(page: Path = PAGE) -> bytes:
    """Return ``files.json``: every file of the page that has a type, in order, one a line."""
    entries = [
        json.dumps({"path": name, "type": TYPES[path.suffix], "sha256": hashlib.sha256(path.read_bytes()).hexdigest()})
        for name, path in served(page)
    ]
    return ('{"v": 1, "files": [\n' + ",\n".join(entries) + "\n]}\n").encode()


def served(page: Path = PAGE) -> list[tuple[str, Path]]:
    """Return (path in the page, file), by path."""
    found = [(path.relative_to(page).as_posix(), path) for path in page.rglob("*") if path.suffix in TYPES]
    return sorted((name, path) for name, path in found if name not in NOT_SERVED)


def zipped_bytes(page: Path = PAGE) -> int:
    """Return what a browser loads at most, compressed as the gateway does."""
    return sum(len(gzip.compress(path.read_bytes(), mtime=0)) for _, path in served(page))


def main() -> int:
    """Renew or check; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing")
    only_checks = parser.parse_args().check
    changed = [name for name, data in phrase_lists() if _renew(name, data, only_checks)]
    changed += ["index.html"] if _renew("index.html", start_page(), only_checks) else []
    changed += ["files.json"] if _renew("files.json", file_list(), only_checks) else []
    size = zipped_bytes()
    for name in changed:
        print(f"{'differs' if only_checks else 'renewed'}: {name}")
    print(f"{size:,} bytes compressed, of at most {MAX_ZIPPED_BYTES:,}")
    return int(size > MAX_ZIPPED_BYTES or (only_checks and bool(changed)))


def _renew(name: str, data: bytes, only_checks: bool) -> bool:
    path = PAGE / name
    if path.exists() and path.read_bytes() == data:
        return False
    if not only_checks:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    return True


def _folded(slot: str) -> str:
    """Return "cant|can not" folded; "_" joins an alternative of several words."""
    return "|".join("_".join(fold_word(word) for word in one.split("_")) for one in slot.split("|"))


def _compact(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


if __name__ == "__main__":
    sys.exit(main())
