"""What is derived is true: the list of files that the gateway serves by, and the phrase lists."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.gateway.page import load_page
from tests.support.page_server import PAGE
from tests.unit.patient.ui.conftest import Visit

REPOSITORY = PAGE.parents[1]
BOOKS = REPOSITORY / "resources" / "phrases" / "emergency"
FIND = """async ([sector, language, texts]) => {
  const { PhraseList } = await import('/ui/phrases.mjs');
  const list = await PhraseList.load(sector, [language]);
  return texts.map((text) => list.find(text));
}"""
CALM = [
    "I need to move my visit on Thursday",
    "When do you open tomorrow?",
    "Can I get a refill for my inhaler?",
    "¿Puedo cambiar mi cita del jueves?",
    "Gracias, hasta el lunes",
]


def test_the_lists_are_renewed_and_the_page_is_small() -> None:
    """``python packaging/patient/renew.py`` renews them."""
    command = [sys.executable, "packaging/patient/renew.py", "--check"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_gateway_takes_the_list() -> None:
    paths = {file.path for file in load_page(PAGE)}
    assert {"index.html", "page.css", "ui/main.mjs", "texts/en.json", "engine/engine.mjs"} <= paths


def test_the_page_names_nobody_else() -> None:
    for path in [PAGE / "index.html", PAGE / "page.css", *(PAGE / "ui").iterdir(), *(PAGE / "texts").iterdir()]:
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http:" not in text, path.name
        assert "https:" not in text, path.name
        assert "innerHTML" not in text, path.name
        assert " style=" not in text, path.name
    assert "<script>" not in (PAGE / "index.html").read_text(encoding="utf-8")


@pytest.mark.loopback
@pytest.mark.parametrize("book", sorted(BOOKS.glob("*.??.json")), ids=lambda path: path.name)
def test_every_example_of_the_office_warns(visit: Visit, base: str, book: Path) -> None:
    sector, language, _ = book.name.split(".")
    phrases: list[dict[str, Any]] = json.loads(book.read_bytes())["phrases"]
    examples = [(example, raw["kind"]) for raw in phrases for example in raw["examples"]]
    page = visit()
    page.goto(f"{base}/c")
    found = page.evaluate(FIND, [sector, language, [text for text, _ in examples]])
    missed = [text for (text, _), kind in zip(examples, found, strict=True) if kind is None]
    assert missed == []
    assert page.evaluate(FIND, [sector, language, CALM]) == [None] * len(CALM)


def test_both_lists_of_dark_colours_are_the_same() -> None:
    """A stylesheet has no way to name them once for the device's choice and the reader's."""
    sheet = (PAGE / "page.css").read_text(encoding="utf-8")
    chosen = sheet.split(':root[data-scheme="dark"] {')[1].split("}")[0]
    by_device = sheet.split(':root:not([data-scheme="light"]) {')[1].split("}")[0]
    assert chosen.split() == by_device.split()
    assert "--ink:" in chosen
