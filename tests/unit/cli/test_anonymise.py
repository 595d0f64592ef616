"""``vestibule anonymise``: exactly the lines that were promised, nothing half-written, nothing silently weaker."""

import gzip
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from app.config import Places
from tests.support.command_line import CommandLine, Result
from tests.support.tiny_pipeline import write_manifest, write_tiny_pipeline


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_pipeline(tmp_path_factory.mktemp("pipeline") / "en")


@pytest.fixture
def shipped(tiny: Path, tmp_path: Path, line: CommandLine) -> Path:
    """The place of the shipped pipeline, with the tiny one in it."""
    folder = tmp_path / "models" / "language" / "en"
    shutil.copytree(tiny, folder)
    line.places = replace_models(line, tmp_path / "models")
    return folder


def replace_models(line: CommandLine, models_dir: Path) -> Places:
    return replace(line.places, models_dir=models_dir)


def put(tmp_path: Path, *records: object, name: str = "in.jsonl") -> Path:
    file = tmp_path / name
    file.write_text("".join(f"{item if isinstance(item, str) else json.dumps(item)}\n" for item in records))
    return file


def got(file: Path) -> list[dict[str, object]]:
    return [json.loads(text) for text in file.read_text().splitlines()]


def run(line: CommandLine, tmp_path: Path, *more: object) -> Result:
    return line.run("anonymise", "--in", tmp_path / "in.jsonl", "--out", tmp_path / "out.jsonl", *more)


@pytest.mark.usefixtures("shipped")
def test_a_file_is_anonymised(line: CommandLine, tmp_path: Path) -> None:
    put(tmp_path, {"id": "a", "text": "I am Jorge Alvarez, 860-555-0123", "lang": "en"})
    result = run(line, tmp_path, "--profile", "labels")
    assert (result.code, result.err) == (0, "")
    assert result.out == "1 anonymised (2 replaced), 0 lines left out.\n"
    (text,) = got(tmp_path / "out.jsonl")
    assert (text["id"], text["text"], text["lang"]) == ("a", "I am [PERSON_1], [PHONE_1]", "en")
    assert (tmp_path / "out.jsonl").stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("shipped")
def test_malformed_lines_are_reported_and_the_rest_goes_on(line: CommandLine, tmp_path: Path) -> None:
    put(tmp_path, "{", {"id": 1, "text": "rosa"}, "[]")
    result = run(line, tmp_path, "--json")
    assert result.code == 3
    assert json.loads(result.out) == {
        "anonymised": 1,
        "labels": {"PERSON": 1},
        "not_anonymised": 2,
        "rejected": [{"line": 1, "code": "not_json"}, {"line": 3, "code": "not_an_object"}],
    }
    assert result.err.splitlines()[0] == "vestibule: Line 1 was not anonymised (not_json)."
    assert len(got(tmp_path / "out.jsonl")) == 1


@pytest.mark.usefixtures("shipped")
def test_a_file_that_exists_is_overwritten_only_by_force(line: CommandLine, tmp_path: Path) -> None:
    put(tmp_path, {"id": 1, "text": "rosa"})
    (tmp_path / "out.jsonl").write_text("precious")
    assert run(line, tmp_path).code == 1
    assert (tmp_path / "out.jsonl").read_text() == "precious"
    assert run(line, tmp_path, "--force").code == 0
    assert got(tmp_path / "out.jsonl")[0]["text"] == "[PERSON_1]"


def test_without_the_pipeline_nothing_is_anonymised(line: CommandLine, tmp_path: Path) -> None:
    line.places = replace_models(line, tmp_path / "nowhere")
    put(tmp_path, {"id": 1, "text": "rosa"})
    result = run(line, tmp_path)
    assert result.code == 5
    assert "not on this machine" in result.err
    assert [file.name for file in tmp_path.iterdir()] == ["in.jsonl"]


def test_a_pipeline_that_was_altered_is_refused(line: CommandLine, tmp_path: Path, shipped: Path) -> None:
    put(tmp_path, {"id": 1, "text": "rosa"})
    with (shipped / "meta.json").open("a") as file:
        file.write(" ")
    result = run(line, tmp_path)
    assert (result.code, (tmp_path / "out.jsonl").exists()) == (5, False)
    assert "not what its manifest says" in result.err
    write_manifest(shipped)
    assert run(line, tmp_path).code == 0
    (shipped / "manifest.json").unlink()
    assert run(line, tmp_path, "--force").code == 5


def test_another_pipeline_must_be_named_and_is_noted(line: CommandLine, tmp_path: Path, tiny: Path) -> None:
    put(tmp_path, {"id": 1, "text": "rosa"})
    result = run(line, tmp_path, "--pipeline", tiny)
    assert (result.code, result.err) == (0, "vestibule: The pipeline that --pipeline names is not checked.\n")


@pytest.mark.usefixtures("shipped")
def test_known_texts_are_found_in_their_variants(line: CommandLine, tmp_path: Path) -> None:
    put(tmp_path, {"id": 1, "text": "ask Mr. Quillfeather or quilfeather about Marbleworks"})
    known = put(tmp_path, "Ada Quillfeather", "", {"text": "Marbleworks", "label": "ORG"}, name="known.txt")
    assert run(line, tmp_path, "--known", known, "--profile", "labels").code == 0
    text = str(got(tmp_path / "out.jsonl")[0]["text"])
    assert "uil" not in text
    assert text.endswith("about [ORG_1]")


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("bad", ["{", '{"text":5}', '{"text":" "}', '{"text":"x","label":"NAME"}', "x" * 401])
def test_a_known_file_that_cannot_be_used_stops_everything(line: CommandLine, tmp_path: Path, bad: str) -> None:
    put(tmp_path, {"id": 1, "text": "rosa"})
    result = run(line, tmp_path, "--known", put(tmp_path, "Ada Quillfeather", bad, name="known.txt"))
    assert (result.code, (tmp_path / "out.jsonl").exists()) == (3, False)
    assert "Line 2" in result.err


@pytest.mark.usefixtures("shipped")
def test_packed_files_are_read(line: CommandLine, tmp_path: Path) -> None:
    packed = tmp_path / "in.jsonl.gz"
    packed.write_bytes(gzip.compress(b'{"id":1,"text":"rosa"}\n'))
    result = line.run("anonymise", "--in", packed, "--out", tmp_path / "out.jsonl")
    assert result.code == 0
    assert got(tmp_path / "out.jsonl")[0]["text"] == "[PERSON_1]"


def test_json_and_standard_output_do_not_mix(line: CommandLine, tmp_path: Path) -> None:
    put(tmp_path, {"id": 1, "text": "x"})
    assert line.run("anonymise", "--in", tmp_path / "in.jsonl", "--out", "-", "--json").code == 2


@pytest.mark.usefixtures("shipped")
def test_a_file_that_is_not_there_leaves_nothing(line: CommandLine, tmp_path: Path) -> None:
    assert run(line, tmp_path).code == 1
    assert not (tmp_path / "out.jsonl").exists()
