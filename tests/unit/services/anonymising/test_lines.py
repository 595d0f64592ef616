"""JSON lines in, anonymised lines out: keys, order, conversations, and what is left out."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest

from app.anonymise.replacing.profiles import Profile
from app.services.anonymising import lines as anonymising_lines
from app.services.anonymising.anonymiser import Anonymiser, Manner, Pipeline, TextsError, TextsFault
from app.services.anonymising.lines import MAX_LINE_BYTES, LinesReport, anonymise_lines, groups_of, parsed

LABELS = Manner(Profile.LABELS, 2026)


@pytest.fixture(scope="module")
def anonymiser() -> Iterator[Anonymiser]:
    with Anonymiser(Pipeline(None)) as shapes_only:
        yield shapes_only


def run(
    anonymiser: Anonymiser, *lines: object, manner: Manner = LABELS
) -> tuple[list[dict[str, Any]], LinesReport, bytes]:
    raw = [line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n" for line in lines]
    out = io.BytesIO()
    report = anonymise_lines(anonymiser, raw, manner, out.write)
    return [json.loads(line) for line in out.getvalue().splitlines()], report, out.getvalue()


def test_a_line_has_the_promised_keys_and_then_its_own(anonymiser: Anonymiser) -> None:
    ((line,), report, _) = run(anonymiser, {"lang": "en", "text": "Mail jo@example.org", "id": 4, "spans": "old"})
    assert list(line) == ["id", "text", "spans", "lang"]
    assert (line["id"], line["text"], line["lang"]) == (4, "Mail [EMAIL_1]", "en")
    assert line["spans"] == [
        {"start": 5, "end": 19, "label": "EMAIL", "replacement": "[EMAIL_1]", "score": 0.95, "why": "email"}
    ]
    assert (report.anonymised, dict(report.labels)) == (1, {"EMAIL": 1})


def test_malformed_lines_are_counted_by_number_and_the_rest_goes_on(anonymiser: Anonymiser) -> None:
    good = {"id": "a", "text": "jo@example.org"}
    bad = [
        b"{\n", b"[]\n", b'"x"\n', {"text": "x"}, {"id": True, "text": "x"}, {"id": 1}, {"id": 1, "text": 5},
        b'{"id":1,"text":"\xff"}\n', b'{"id":1,"text":NaN}\n', b"[" * 100_000 + b"\n",
        b'{"id":' + b"9" * 5_000 + b"}\n",
    ]  # fmt: skip
    lines, report, _ = run(anonymiser, good, *bad, b"\n", good)
    assert [line["text"] for line in lines] == ["[EMAIL_1]"] * 2
    assert [problem.line for problem in report.problems] == list(range(2, 2 + len(bad)))
    assert [problem.code for problem in report.problems] == [
        "not_json", "not_an_object", "not_an_object", "bad_id", "bad_id", "bad_text", "bad_text", "not_utf8",
        "not_json", "not_json", "not_json",
    ]  # fmt: skip
    assert (report.malformed, report.failed) == (len(bad), 0)


def test_a_line_that_is_too_long_is_left_out() -> None:
    (problem,) = parsed([b"x" * (MAX_LINE_BYTES + 1)])
    assert problem.code == "line_too_long"  # type: ignore[union-attr]


def test_lines_in_a_row_of_one_conversation_share_their_stand_ins(anonymiser: Anonymiser) -> None:
    def line(conversation: object, text: str) -> dict[str, object]:
        return {"id": 1, "text": text, "conversation": conversation}

    lines, _, _ = run(
        anonymiser,
        line("a", "jo@example.org"), line("a", "amy@example.org"), b"{\n", line("a", "jo@example.org"),
        line("b", "amy@example.org"), line(None, "jo@example.org"), line(None, "amy@example.org"),
    )  # fmt: skip
    numbers = [line["text"] for line in lines]
    assert numbers == ["[EMAIL_1]", "[EMAIL_2]", "[EMAIL_1]", "[EMAIL_1]", "[EMAIL_1]", "[EMAIL_1]"]


def test_stand_ins_differ_between_conversations_and_runs(anonymiser: Anonymiser) -> None:
    texts = [{"id": n, "text": "Card 4111 1111 1111 1111", "conversation": n} for n in range(8)]
    pseudonyms = Manner(Profile.PSEUDONYMS, 2026)
    first, _, _ = run(anonymiser, *texts, manner=pseudonyms)
    second, _, _ = run(anonymiser, *texts, manner=pseudonyms)
    assert len({line["text"] for line in (*first, *second)}) > 12


def test_lone_surrogates_come_through_as_they_went_in(anonymiser: Anonymiser) -> None:
    lines, _, raw = run(anonymiser, b'{"id":1,"text":"a \\ud800 jo@example.org \\udfff","x":"\\udcff"}\n')
    assert lines == [{**lines[0], "text": "a \ud800 [EMAIL_1] \udfff", "x": "\udcff"}]
    assert b"\\ud800" in raw


def test_long_conversations_are_cut_so_that_memory_stays_constant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anonymising_lines, "MAX_CONVERSATION_LINES", 3)
    raw = [json.dumps({"id": n, "text": "x", "conversation": 1}).encode() for n in range(7)]
    assert [len(group) for group in groups_of(parsed(raw))] == [3, 3, 1]


def test_a_text_that_was_not_anonymised_is_no_result(anonymiser: Anonymiser, monkeypatch: pytest.MonkeyPatch) -> None:
    read = anonymiser._child.read

    def dies_of_some(conversations: Any, *rest: Any) -> Any:
        if any("kill" in text for one in conversations for text in one.texts):
            raise TextsError(TextsFault.WORKER_DIED)
        return read(conversations, *rest)

    monkeypatch.setattr(anonymiser._child, "read", dies_of_some)
    lines, report, raw = run(anonymiser, *({"id": n, "text": "kill" if n == 3 else "jo@example.org"} for n in range(6)))
    assert [line["id"] for line in lines] == [0, 1, 2, 4, 5]
    assert b"kill" not in raw
    assert [(problem.line, problem.code, problem.is_failure) for problem in report.problems] == [
        (4, "worker_died", True)
    ]


def test_where_nothing_can_run_the_error_reaches_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    with Anonymiser(Pipeline(None)) as anonymiser:

        def refuse(*_arguments: Any) -> Any:
            raise TextsError(TextsFault.NOT_CONFINED)

        monkeypatch.setattr(anonymiser._child, "read", refuse)
        with pytest.raises(TextsError):
            run(anonymiser, {"id": 1, "text": "x"})


def test_an_error_while_writing_ends_everything(anonymiser: Anonymiser) -> None:
    def full(_line: bytes) -> None:
        raise OSError(28, "full")

    endless = (json.dumps({"id": n, "text": "x"}).encode() + b"\n" for n in range(10**9))
    with pytest.raises(OSError, match="full"):
        anonymise_lines(anonymiser, endless, LABELS, full)


def test_no_more_is_read_than_is_soon_written(anonymiser: Anonymiser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anonymising_lines, "MAX_WEIGHT_AHEAD", 20_000)
    read = written = most = 0

    def lines() -> Iterator[bytes]:
        nonlocal read
        for number in range(3_000):
            read += 1
            yield json.dumps({"id": number, "text": "jo@example.org"}).encode()

    def write(_line: bytes) -> None:
        nonlocal written, most
        written += 1
        most = max(most, read - written)

    anonymise_lines(anonymiser, lines(), LABELS, write)
    assert written == 3_000
    assert most < 500  # twenty and twenty that wait, and three batches on their way
