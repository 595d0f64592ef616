"""The anonymiser's child dies, hangs, or is told to stop; hostile texts; and a command that is interrupted.

Each text is anonymised or refused with a code, never passed through. ``make soak`` sends a hundred thousand.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.anonymise.office_rules import OfficeRules
from app.anonymise.replacing.profiles import Profile
from app.language.texts.records import TextsLimits
from app.services.anonymising.anonymiser import Anonymiser, ConversationTexts, Manner, Pipeline, TextsError, TextsFault
from app.services.ports import AnonymisedThread, AnonymisingJob
from tests.support.anonymising_storm import TextStorm, restored
from tests.support.hostile_texts import IDENTIFIERS, TRICKS
from tests.support.tiny_pipeline import write_tiny_pipeline

REPOSITORY = Path(__file__).resolve().parents[2]
SECRET = b"a secret of tests"
SLOW_TEXT = "call 555-0123 " * 20_000
"""Takes some seconds to read."""
GOOD = "jo@example.org"


@pytest.fixture
def anonymiser() -> Iterator[Anonymiser]:
    with Anonymiser(Pipeline(None)) as running:
        running.start()
        yield running


def job(*texts: str) -> AnonymisingJob:
    return AnonymisingJob(texts, Profile.LABELS, SECRET, 2026, OfficeRules())


def refusal(anonymiser: Anonymiser, *texts: str) -> TextsFault:
    with pytest.raises(TextsError) as caught:
        anonymiser.anonymise(job(*texts))
    return caught.value.code


def is_well(anonymiser: Anonymiser) -> bool:
    return anonymiser.anonymise(job(GOOD)).texts[0].text == "[EMAIL_1]"


def test_a_child_that_is_killed_at_work_costs_one_conversation(anonymiser: Anonymiser) -> None:
    pid = anonymiser.pid
    assert pid is not None
    threading.Timer(0.3, os.kill, (pid, signal.SIGKILL)).start()
    assert refusal(anonymiser, SLOW_TEXT) is TextsFault.WORKER_DIED
    assert is_well(anonymiser)
    assert anonymiser.pid != pid


def test_a_text_that_kills_is_left_out_and_its_neighbours_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    with Anonymiser(Pipeline(None)) as anonymiser:
        read = anonymiser._child.read

        def kills(conversations: list[ConversationTexts], *rest: object) -> object:
            if any("poison" in text for one in conversations for text in one.texts):
                anonymiser._child.start()
                pid = anonymiser.pid
                assert pid is not None
                os.kill(pid, signal.SIGSTOP)  # so that the texts are sent before it dies
                threading.Timer(0.1, os.kill, (pid, signal.SIGKILL)).start()
            return read(conversations, *rest)  # type: ignore[arg-type]

        monkeypatch.setattr(anonymiser._child, "read", kills)
        texts = [GOOD, "poison", GOOD]
        conversations = [ConversationTexts((text,), SECRET) for text in texts]
        outcomes = list(anonymiser.run(conversations, Manner(Profile.LABELS, 2026)))
    assert isinstance(outcomes[1], TextsError)
    assert outcomes[1].code is TextsFault.WORKER_DIED
    kept = [one for one in outcomes if isinstance(one, AnonymisedThread)]
    assert [one.texts[0].text for one in kept] == ["[EMAIL_1]"] * 2


def test_a_child_that_hangs_is_stopped_by_the_clock(anonymiser: Anonymiser) -> None:
    assert anonymiser.pid is not None
    os.kill(anonymiser.pid, signal.SIGSTOP)
    patient, anonymiser._child._limits = anonymiser._child._limits, TextsLimits(base_s=0.5, chars_per_s=10_000_000)
    assert refusal(anonymiser, GOOD) is TextsFault.TOO_SLOW
    anonymiser._child._limits = patient
    assert is_well(anonymiser)


def test_a_stop_is_heeded_between_batches(anonymiser: Anonymiser) -> None:
    stopped = threading.Event()
    threading.Timer(0.3, stopped.set).start()
    with pytest.raises(TextsError) as caught:
        anonymiser.anonymise(job(SLOW_TEXT * 10), is_stopped=stopped.is_set)
    assert caught.value.code is TextsFault.CANCELLED
    assert is_well(anonymiser)
    assert anonymiser.starts == 1


def test_closing_ends_a_text_on_another_thread_at_once(anonymiser: Anonymiser) -> None:
    caught: list[TextsError] = []

    def read() -> None:
        try:
            anonymiser.anonymise(job(SLOW_TEXT * 10))
        except TextsError as error:
            caught.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    time.sleep(0.3)
    anonymiser.close()
    thread.join(20)
    assert [error.code for error in caught] == [TextsFault.CANCELLED]
    assert anonymiser.pid is None


def test_a_thousand_hostile_texts_come_back_true_and_covered() -> None:
    storm = TextStorm(Pipeline(None))
    storm.run(range(1_000))
    storm.check()
    assert storm.chars > 100_000


@pytest.mark.parametrize("trick", [trick for trick in TRICKS if trick != "ten million characters"])
def test_every_trick_hides_something_or_is_noise(trick: str) -> None:
    """The storm means something: without reading past the trick, what it hides would not be found."""
    text, hidden = TRICKS[trick](random.Random(5))
    assert text
    if trick in {"zero width", "look-alikes", "full width", "directions", "combining", "surrogates"}:
        assert hidden
        assert hidden[0] not in text


@pytest.mark.parametrize("piece", ["a", "a@", "a.", "\u200b", "http://", "555-", "😀", "x'"])
def test_time_grows_no_faster_than_the_text(anonymiser: Anonymiser, piece: str) -> None:
    def seconds(chars: int) -> float:
        text = (piece * (chars // len(piece) + 1))[:chars]
        started_s = time.thread_time() + child_s(anonymiser)
        (done,) = anonymiser.anonymise(job(text)).texts
        assert restored(text, done) == text
        return time.thread_time() + child_s(anonymiser) - started_s

    small, large = seconds(20_000), seconds(80_000)
    assert large < 4 * small * 2.5 + 0.5


def child_s(anonymiser: Anonymiser) -> float:
    """Return the processor time of the child."""
    fields = Path(f"/proc/{anonymiser.pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_an_interrupted_command_leaves_nothing_half_written(tmp_path: Path) -> None:
    pipeline = write_tiny_pipeline(tmp_path / "en")
    source = tmp_path / "in.jsonl"
    with source.open("w") as lines:
        for number in range(200_000):
            lines.write(json.dumps({"id": number, "text": f"call {IDENTIFIERS[4]} about {number}"}) + "\n")
    (tmp_path / "out").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "anonymise", "--in", source, "--out", tmp_path / "out" / "out.jsonl",
         "--pipeline", pipeline],
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    written = tmp_path / "out"
    until_s = time.monotonic() + 60
    while not any(file.stat().st_size for file in written.iterdir()):
        assert process.poll() is None
        assert time.monotonic() < until_s
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert (out, b"Traceback" in err) == (b"", False)
    assert list(written.iterdir()) == []
