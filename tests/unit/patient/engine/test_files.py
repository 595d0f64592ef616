"""What lies in the tree: libsodium as it was published, and an engine that keeps to the rules of the page."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[4] / "resources" / "patient"
VENDOR = PAGE / "vendor"
MODULES = sorted((PAGE / "engine").rglob("*.mjs"))
PINNED = json.loads((VENDOR / "hashes.json").read_text())


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("name", sorted(PINNED["files"]))
def test_a_pinned_file_is_what_was_pinned(name: str) -> None:
    assert sha256((VENDOR / name).read_bytes()) == PINNED["files"][name]


def test_nothing_else_lies_there() -> None:
    found = {str(file.relative_to(VENDOR)) for file in VENDOR.rglob("*") if file.is_file()}
    assert found == {*PINNED["files"], "hashes.json", "libsodium/README.md"}


def test_one_import_is_all_that_differs_from_what_was_published() -> None:
    library = (VENDOR / "libsodium" / "libsodium.mjs").read_bytes()
    wrappers = (VENDOR / "libsodium" / "libsodium-wrappers.mjs").read_bytes()
    assert sha256(library) == PINNED["published"]["libsodium/libsodium.mjs"]
    assert wrappers.count(b'from"./libsodium.mjs"') == 1
    published = wrappers.replace(b'from"./libsodium.mjs"', b'from"libsodium"')
    assert sha256(published) == PINNED["published"]["libsodium/libsodium-wrappers.mjs"]


def test_engine_and_library_leave_room_for_the_page() -> None:
    files = [*MODULES, *VENDOR.rglob("*.mjs")]
    assert sum(len(gzip.compress(file.read_bytes())) for file in files) < 220_000, "the whole page has 450 kB"


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(PAGE)))
def test_a_module_is_short_and_silent_and_makes_no_code_from_text(module: Path) -> None:
    source = module.read_text()
    assert source.startswith("/**"), "it opens by saying what it is"
    assert len(source.splitlines()) <= 270
    assert max(len(line) for line in source.splitlines()) <= 120
    code = re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", source, flags=re.DOTALL)
    forbidden = (
        r"\bconsole\.|\beval\(|new Function|innerHTML|outerHTML|document\.write|localStorage|sessionStorage|\bvar "
    )
    assert re.findall(forbidden, code) == []


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(PAGE)))
def test_a_module_imports_by_relative_paths_that_exist_and_uses_what_it_imports(module: Path) -> None:
    source = module.read_text()
    for names, path in re.findall(r'import (?:\{([^}]*)\}|\w+) from "([^"]+)";', source):
        assert path.startswith(("./", "../"))
        assert (module.parent / path).is_file(), path
        for name in filter(None, (each.strip() for each in names.split(","))):
            assert len(re.findall(rf"\b{re.escape(name)}\b", source)) > 1, f"{name} is not used"


def test_the_protocol_knows_no_browser() -> None:
    for module in (PAGE / "engine" / "protocol").glob("*.mjs"):
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", module.read_text(), flags=re.DOTALL)
        browser = r"\bwindow\b|\bdocument\b\.|indexedDB|WebSocket|\bfetch\(|Date\.now|from \"\.\./[^.v]"
        assert re.findall(browser, code) == [], module.name


def test_nothing_newer_than_a_four_year_old_phone() -> None:
    # Chrome 100, Safari 15.4 (spring 2022): what came later and is easily written by habit
    newer = (
        r"\.toSorted\(|\.toSpliced\(|\.toReversed\(|\.with\(|Object\.groupBy|Promise\.withResolvers|Promise\.try|"
        r"\.isSubsetOf\(|\.union\(|static \{|Array\.fromAsync|AbortSignal\.any|\.toBase64\(|\.fromBase64\(|\.fromHex\("
    )
    for module in MODULES:
        assert re.findall(newer, module.read_text()) == [], module.name
