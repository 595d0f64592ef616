"""``vestibule model``: import, list, show, check, use, bench, test, remove."""

import json
import re
from pathlib import Path

import pytest

from app.config import load_settings
from tests.support.command_line import CommandLine
from tests.support.opening_parts import quote_first_source
from tests.support.tiny_gguf import write_tiny_gguf


@pytest.fixture
def gguf(tmp_path: Path) -> Path:
    return write_tiny_gguf(tmp_path / "Small One.gguf")


def test_a_model_is_imported_listed_checked_and_used(line: CommandLine, gguf: Path) -> None:
    imported = line.run("model", "import", gguf, "--licence", "Apache-2.0", "--json")
    assert (imported.code, json.loads(imported.out)["name"]) == (0, "small-one")
    assert line.run("model", "check", "small-one").code == 0
    assert line.run("model", "use", "small-one", "--json").code == 0
    assert load_settings(line.places).model == "small-one"
    (listed,) = json.loads(line.run("model", "list", "--json").out)
    assert (listed["name"], listed["in_use"], listed["shipped"], listed["licence"]) == (
        "small-one",
        True,
        False,
        "Apache-2.0",
    )
    assert "* small-one" in line.run("model", "list").out


def test_a_file_is_checked_before_it_is_imported(line: CommandLine, gguf: Path, tmp_path: Path) -> None:
    result = line.run("model", "check", gguf, "--json")
    assert (result.code, json.loads(result.out)["architecture"]) == (0, "llama")
    (tmp_path / "cut.gguf").write_bytes(gguf.read_bytes()[:-64])
    assert line.run("model", "check", tmp_path / "cut.gguf").code == 1


def test_a_changed_file_is_neither_sound_nor_usable(line: CommandLine, gguf: Path) -> None:
    line.run("model", "import", gguf, "--name", "small")
    line.models.clear()
    file = line.places.user_models_dir / "small" / "small.gguf"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    for command in ("check", "use", "bench"):
        result = line.run("model", command, "small")
        assert (result.code, result.out) == (1, "")
    assert load_settings(line.places).model == "starter"
    assert line.models == []


def test_what_is_refused_is_told_in_one_line(line: CommandLine, gguf: Path, tmp_path: Path) -> None:
    (tmp_path / "text.gguf").write_text("hello")
    line.run("model", "import", gguf, "--name", "small")
    for arguments in (
        ["import", tmp_path / "text.gguf"],
        ["import", gguf, "--name", "small"],
        ["import", tmp_path / "absent.gguf"],
        ["check", "absent"],
        ["use", "absent"],
    ):
        result = line.run("model", *arguments)
        assert (result.code, result.out) == (1, "")
        assert result.err.count("\n") == 1


def test_speed_is_measured_on_the_model_in_use(line: CommandLine, gguf: Path) -> None:
    line.run("model", "import", gguf, "--name", "starter")
    line.replies = ["We are open every day of the week."]
    result = line.run("model", "bench", "--json")
    assert result.code == 0
    assert set(json.loads(result.out)) == {
        "model", "prompt_tokens", "prompt_tokens_per_s", "generated_tokens", "generated_tokens_per_s", "first_token_ms",
    }  # fmt: skip


def test_an_imported_model_was_measured_before_it_got_its_name(line: CommandLine, gguf: Path) -> None:
    line.replies = ["We are open every day of the week."]
    imported = json.loads(line.run("model", "import", gguf, "--json").out)
    ((file, template),) = line.models
    assert (file.name, file.parent.name.startswith(".import-"), template) == ("small-one.gguf", True, "chatml")
    assert imported["speed"]["generated_tokens"] > 0
    assert imported["memory_bytes"] > imported["size_bytes"]
    assert (imported["test"], imported["tasks"], imported["imported_ms"] > 0) == (None, ["reply"], True)
    words = line.run("model", "show", "small-one").out
    assert re.search(r"Speed here +reads [\d,]+ words a second, writes [\d,]+", words)


def test_the_same_file_comes_in_once(line: CommandLine, gguf: Path) -> None:
    line.run("model", "import", gguf, "--name", "small")
    again = line.run("model", "import", gguf, "--name", "other")
    assert (again.code, again.out) == (1, "")
    assert "here already, as small" in again.err


def test_a_file_that_names_no_licence_waits_for_somebody_to_name_one(line: CommandLine, tmp_path: Path) -> None:
    bare = write_tiny_gguf(tmp_path / "bare.gguf", licence=None)
    refused = line.run("model", "import", bare)
    assert (refused.code, "--licence" in refused.err) == (1, True)
    assert not (line.places.user_models_dir / "bare").exists()
    assert line.run("model", "import", bare, "--licence", "Apache-2.0").code == 0
    (listed,) = json.loads(line.run("model", "list", "--json").out)
    assert listed["licence"] == "Apache-2.0"


def test_a_model_that_needs_more_memory_than_there_is_may_be_kept_and_is_not_used(
    line: CommandLine, gguf: Path
) -> None:
    line.free_bytes = 20_000_000
    imported = line.run("model", "import", gguf, "--name", "large")
    assert imported.code == 0
    assert "cannot be used now" in imported.err
    assert line.models == []
    used = line.run("model", "use", "large")
    assert (used.code, used.out) == (1, "")
    assert "this machine has 0.0 GB free" in used.err
    assert load_settings(line.places).model == "starter"


def test_one_command_leads_back_to_the_model_before(line: CommandLine, gguf: Path, tmp_path: Path) -> None:
    assert line.run("model", "use", "--previous").code == 1
    line.run("model", "import", gguf, "--name", "first")
    line.run("model", "import", write_tiny_gguf(tmp_path / "b.gguf", seed=2, answer=None), "--name", "second")
    assert line.run("model", "use", "first").code == 0
    second = line.run("model", "use", "second")
    assert "not passed a driving test" in second.err
    back = json.loads(line.run("model", "use", "--previous", "--json").out)
    assert back == {"model": "first", "previous": "second"}
    assert line.run("model", "use").code == 2


def test_the_model_in_use_and_the_shipped_ones_cannot_be_removed(line: CommandLine, gguf: Path) -> None:
    line.run("model", "import", gguf, "--name", "small")
    line.run("model", "use", "small")
    assert line.run("model", "remove", "small").code == 1
    shipped = line.places.models_dir / "starter"
    shipped.parent.mkdir()
    (line.places.user_models_dir / "small").rename(shipped)
    manifest = json.loads((shipped / "manifest.json").read_text())
    (shipped / "manifest.json").write_text(json.dumps(manifest | {"name": "starter"}))
    line.run("model", "use", "starter")
    assert line.run("model", "remove", "starter").code == 1
    assert (shipped / "small.gguf").exists()


def test_removing_leaves_nothing_of_a_model(line: CommandLine, gguf: Path) -> None:
    line.run("model", "import", gguf, "--name", "small")
    removed = line.run("model", "remove", "small", "--json")
    assert (removed.code, json.loads(removed.out)["removed"]) == (0, "small")
    assert [file for file in line.places.user_models_dir.rglob("*") if file.is_file()] == [
        line.places.user_models_dir / ".importing"
    ]


def test_a_model_that_quotes_its_sources_passes_its_driving_test(line: CommandLine, gguf: Path) -> None:
    line.replies = [quote_first_source]
    line.run("model", "import", gguf, "--name", "good")
    passed = line.run("model", "test", "good", "--json")
    counts = json.loads(passed.out)
    assert (passed.code, counts["is_passed"], counts["questions"]) == (0, True, 40)
    assert (counts["wrong_facts"], counts["leaks"]) == (0, 0)
    (listed,) = json.loads(line.run("model", "list", "--json").out)
    assert listed["test"]["is_passed"]
    assert "passed a driving test" not in line.run("model", "use", "good").err


def test_questions_of_the_office_need_its_answers(line: CommandLine, gguf: Path, tmp_path: Path) -> None:
    line.replies = [quote_first_source]
    line.run("model", "import", gguf, "--name", "good")
    questions = tmp_path / "q.jsonl"
    questions.write_text('{"question": "Where can I park?", "answer": "parking"}\n')
    assert line.run("model", "test", "good", "--questions", questions).code == 2
    folder = tmp_path / "answers"
    folder.mkdir()
    (folder / "parking.md").write_text("# Parking\n\nYou can park behind the house.\n")
    own = ["--questions", questions, "--knowledge", folder]
    result = json.loads(line.run("model", "test", "good", *own, "--json").out)
    assert (result["questions"], result["office_questions"]) == (41, 1)
    questions.write_text('{"question": 5}\n')
    broken = line.run("model", "test", "good", *own)
    assert (broken.code, "1:bad_text" in broken.err) == (3, True)
