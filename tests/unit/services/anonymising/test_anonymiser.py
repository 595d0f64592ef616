"""The anonymiser with a real, confined child; by shapes and lists where no trained pipeline is needed."""

import itertools
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.anonymise.known import KnownText
from app.anonymise.labels import Label
from app.anonymise.office_rules import OfficeRules
from app.anonymise.replacing.profiles import Profile
from app.anonymise.shapes import OwnShape
from app.isolation.child import Fate
from app.language.texts import launch as launch_module
from app.services.anonymising.anonymiser import (
    Anonymiser,
    ConversationTexts,
    Manner,
    Pipeline,
    TextsError,
    TextsFault,
    pipeline_folder,
)
from app.services.ports import AnonymisedThread, AnonymisingJob, ThreadAnonymiser

SECRET = b"a secret of tests"
SHAPES_ONLY = Pipeline(None)
LABELS = Manner(Profile.LABELS, 2026)


@pytest.fixture(scope="module")
def shared() -> Iterator[Anonymiser]:
    with Anonymiser(SHAPES_ONLY) as anonymiser:
        yield anonymiser


def job(*texts: str, profile: Profile = Profile.LABELS, rules: OfficeRules | None = None) -> AnonymisingJob:
    return AnonymisingJob(texts, profile, SECRET, 2026, rules or OfficeRules())


def test_a_conversation_is_anonymised_and_can_be_mapped_back(shared: Anonymiser) -> None:
    port: ThreadAnonymiser = shared
    thread = port.anonymise(job("Call 860-555-0123 or jo@example.org", "jo@example.org again"))
    assert [one.text for one in thread.texts] == ["Call [PHONE_1] or [EMAIL_1]", "[EMAIL_1] again"]
    assert thread.mapping == {"[PHONE_1]": "860-555-0123", "[EMAIL_1]": "jo@example.org"}


def test_what_a_profile_keeps_is_told_and_stays(shared: Anonymiser) -> None:
    thread = shared.anonymise(job("She is 45 years old, case 24-cv-00123", profile=Profile.SAFE_HARBOR))
    (text,) = thread.texts
    for span, instead in zip(text.spans, text.instead, strict=True):
        said = "She is 45 years old, case 24-cv-00123"[span.start : span.end]
        assert instead in text.text
        assert (instead == said) is (instead not in thread.mapping)


def test_rules_hold_for_their_conversation_and_no_other(shared: Anonymiser) -> None:
    rules = OfficeRules((KnownText("Rosa Mellor", Label.PERSON),), (OwnShape("room 9", Label.LOCATION),))
    text = "rosa waits in room 7"
    assert shared.anonymise(job(text, rules=rules)).texts[0].text == "[PERSON_1] waits in [LOCATION_1]"
    assert shared.anonymise(job(text)).texts[0].text == text


def test_long_lists_arrive_whole(shared: Anonymiser) -> None:
    words = ["".join(letters) for letters in itertools.product("bdfgklmnprst", "aeio", "bdfgklmnprst", ["o", "um"])]
    firms = tuple(KnownText(word, Label.ORG) for word in words[:1_100])
    text = " ".join(words[place] for place in (0, 499, 500, 1_099, 1_100))
    found = shared.anonymise(job(text, rules=OfficeRules(firms))).texts[0].text
    assert found == f"[ORG_1] [ORG_2] [ORG_3] [ORG_4] {words[1_100]}"


def test_a_shape_that_is_none_is_refused(shared: Anonymiser) -> None:
    with pytest.raises(TextsError) as caught:
        shared.anonymise(job("x", rules=OfficeRules(shapes=(OwnShape("A", Label.ID),))))
    assert caught.value.code is TextsFault.BAD_RULES
    assert shared.anonymise(job("jo@example.org")).texts[0].text == "[EMAIL_1]"


def test_conversations_of_one_run_know_nothing_of_each_other(shared: Anonymiser) -> None:
    run = shared.run([ConversationTexts((f"a{n}@example.org",), SECRET) for n in range(300)], LABELS)
    texts = [outcome.texts[0].text for outcome in run if isinstance(outcome, AnonymisedThread)]
    assert texts == ["[EMAIL_1]"] * 300


@pytest.mark.parametrize(
    "text",
    ["", "\0", "jo@example.org \ud800 x", "\udfff", "\u202ejo@example.org\u202c", "😀" * 3_000 + " jo@example.org"],
    ids=["empty", "nul", "surrogate", "surrogate alone", "right to left", "astral"],
)
def test_odd_texts_come_back_with_true_offsets(shared: Anonymiser, text: str) -> None:
    (one,) = shared.anonymise(job(text)).texts
    rebuilt, at = "", 0
    for span, instead in zip(one.spans, one.instead, strict=True):
        rebuilt += text[at : span.start] + instead
        at = span.end
    assert rebuilt + text[at:] == one.text
    assert "jo@" not in one.text


def test_progress_counts_texts_and_a_stop_is_heeded(shared: Anonymiser) -> None:
    told: list[tuple[int, int]] = []
    shared.anonymise(job(*["word " * 3_000] * 5), on_progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (5, 5)
    assert len(told) > 1
    with pytest.raises(TextsError) as caught:
        shared.anonymise(job(*["word " * 3_000] * 5), is_stopped=lambda: True)
    assert caught.value.code is TextsFault.CANCELLED
    assert shared.anonymise(job("jo@example.org")).texts[0].text == "[EMAIL_1]"


def test_many_threads_may_call(shared: Anonymiser) -> None:
    answers: dict[int, str] = {}

    def ask(number: int) -> None:
        answers[number] = shared.anonymise(job(f"case 24-cv-{number:05d}, a{number}@example.org")).mapping["[EMAIL_1]"]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: f"a{number}@example.org" for number in range(8)}


def test_a_short_secret_is_a_bug(shared: Anonymiser) -> None:
    with pytest.raises(ValueError, match="secret"):
        shared.anonymise(AnonymisingJob(("x",), Profile.LABELS, b"short", 2026))


def test_a_child_that_was_killed_while_idle_costs_nothing() -> None:
    with Anonymiser(SHAPES_ONLY) as anonymiser:
        anonymiser.start()
        assert anonymiser.pid is not None
        os.kill(anonymiser.pid, signal.SIGKILL)
        while Path(f"/proc/{anonymiser.pid}/stat").read_text().rpartition(") ")[2][0] != "Z":
            time.sleep(0.01)
        assert anonymiser.anonymise(job("jo@example.org")).texts[0].text == "[EMAIL_1]"
        assert anonymiser.starts == 2


def test_a_closed_anonymiser_ended_its_child_in_peace() -> None:
    anonymiser = Anonymiser(SHAPES_ONLY)
    anonymiser.anonymise(job("x"))
    pid = anonymiser.pid
    anonymiser.close()
    assert not Path(f"/proc/{pid}").exists()
    assert anonymiser._child.last_outcome is not None
    assert anonymiser._child.last_outcome.fate is Fate.FINISHED


def test_without_a_pipeline_nothing_is_anonymised(tmp_path: Path) -> None:
    with Anonymiser(pipeline_folder(tmp_path)) as anonymiser, pytest.raises(TextsError) as caught:
        anonymiser.anonymise(job("x"))
    assert caught.value.code is TextsFault.PIPELINE_MISSING


def test_a_pipeline_that_cannot_prove_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.cfg").write_text("[nlp]\nlang = 'en'\n")
    with Anonymiser(tmp_path) as anonymiser, pytest.raises(TextsError) as caught:
        anonymiser.anonymise(job("x"))
    assert caught.value.code is TextsFault.PIPELINE_ALTERED


def test_a_machine_that_cannot_lock_it_in_reads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch_module, "locate", lambda: (("nowhere", "/nowhere/at/all"),))
    with Anonymiser(SHAPES_ONLY) as anonymiser, pytest.raises(TextsError) as caught:
        anonymiser.anonymise(job("x"))
    assert caught.value.code is TextsFault.NOT_CONFINED
