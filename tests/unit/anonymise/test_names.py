"""The trained pipeline as a name finder, with a tiny pipeline of our own in place of the shipped one."""

import hashlib
import json
from pathlib import Path

import pytest

from app.anonymise.errors import PipelineError, PipelineFault
from app.anonymise.finder import Finder
from app.anonymise.labels import Label
from app.anonymise.names import MAX_WORD_CHARS, open_names
from app.anonymise.word_classes import WordClasses

spacy = pytest.importorskip("spacy", reason="the language worker's library is not installed")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pipeline that knows two words, with its manifest."""
    made = tmp_path_factory.mktemp("pipeline")
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "PERSON", "pattern": "Quillfeather"}, {"label": "LOCATION", "pattern": "Larchmoor"}])
    nlp.to_disk(made)
    (made / "words.txt").write_text("f jose rose\nfwe will\nwe other\n", encoding="utf-8")
    write_manifest(made)
    return made


def write_manifest(made: Path) -> None:
    files = {
        str(path.relative_to(made)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in made.rglob("*")
        if path.is_file()
    }
    (made / "manifest.json").write_text(json.dumps({"files": files}), encoding="utf-8")


def test_what_the_pipeline_finds_lies_in_the_text(folder: Path) -> None:
    text = "Quillfeather went to Larchmoor."
    spans = Finder(open_names(folder)).find(text)
    assert [(text[s.start : s.end], s.label, s.why) for s in spans] == [
        ("Quillfeather", Label.PERSON, "language.person"),
        ("Larchmoor", Label.LOCATION, "language.location"),
    ]


def test_many_texts_give_what_each_of_them_gives_alone(folder: Path) -> None:
    finder = Finder(open_names(folder))
    texts = ["Quillfeather", "", "nobody", "x " * 11_000 + "Quillfeather", "Larchmoor " * 9, "a@example.org"] * 3
    assert list(finder.find_all(texts)) == [finder.find(text) for text in texts[:6]] * 3


def test_a_name_behind_a_wall_of_signs_or_letters_is_found_in_its_place(folder: Path) -> None:
    finder = Finder(open_names(folder))
    for wall in ("-" * 3_000 + " ", "a" * 5_000 + " ", ")" * 19_000 + "\n"):
        found = finder.find(wall + "Quillfeather")
        assert (found[-1].start, found[-1].end) == (len(wall), len(wall) + 12)
    assert len(wall) > MAX_WORD_CHARS


def test_an_altered_file_is_refused(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in folder.rglob("*"):
        if path.is_file():
            (copy / path.relative_to(folder)).parent.mkdir(parents=True, exist_ok=True)
            (copy / path.relative_to(folder)).write_bytes(path.read_bytes())
    open_names(copy)
    (copy / "words.txt").write_text("f other\n", encoding="utf-8")
    with pytest.raises(PipelineError) as caught:
        open_names(copy)
    assert caught.value.fault is PipelineFault.ALTERED


def test_a_file_that_the_manifest_does_not_name_is_refused(folder: Path) -> None:
    stray = folder / "stray.cfg"
    stray.write_text("x", encoding="utf-8")
    try:
        with pytest.raises(PipelineError):
            open_names(folder)
    finally:
        stray.unlink()


def test_no_pipeline_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(PipelineError) as caught:
        open_names(tmp_path)
    assert caught.value.fault is PipelineFault.MISSING


def test_words_know_their_class_in_any_case_and_with_accents(folder: Path) -> None:
    words = WordClasses.load(folder)
    assert words.of("José") == words.of("JOSE") == words.of("jose's") == "f"
    assert words.is_everyday("Will")
    assert not words.is_first_name("will")
    assert words.is_first_name("rose")
    assert words.of("zzz") == "-"
