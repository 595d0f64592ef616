"""Gates keep shut only what could not have matched: findings are the same with and without."""

from pathlib import Path

import pytest

from app.anonymise import gates as gates_module
from app.anonymise.detectors import STEPS
from app.anonymise.gates import Gate, Gates
from app.anonymise.word_classes import WordClasses
from tests.support.hostile_texts import hostile_text
from tests.support.nasty_chats import read_nasty_chats

LIST = Path(__file__).resolve().parents[3] / "models" / "language" / "en"
WORDS = WordClasses.load(LIST)
CHATS = [line.text for line in read_nasty_chats()]
TEXTS = [
    *CHATS, *(text.upper() for text in CHATS), *(text.title() for text in CHATS),
    *("\u00a0".join(text.split()) for text in CHATS[:80]), " ".join(CHATS),
    *(hostile_text(seed).text[:2_000] for seed in range(40)),
]  # fmt: skip


@pytest.mark.parametrize("place", range(len(STEPS)))
def test_a_step_finds_nothing_behind_a_gate_that_is_shut(place):
    gates = Gates([STEPS[place].gate], WORDS)
    shut = [text for text in TEXTS if not list(gates.open_for(text))]
    assert [span for text in shut for span in STEPS[place].find(text, WORDS)] == []


def test_most_gates_are_shut_for_a_line_of_chat():
    gates = Gates([step.gate for step in STEPS], WORDS)
    opened = sum(len(list(gates.open_for(text))) for text in CHATS)
    assert opened < len(CHATS) * len(STEPS) / 4


def test_signs_cues_and_questions_may_be_answered_by_different_words():
    gate = Gate("0", ("policy",), lambda word, _words: word.endswith("!"))
    gates = Gates([Gate(), gate, Gate("@")], WordClasses.empty())
    assert list(gates.open_for("my Policy-no 5 hurry!")) == [0, 1]
    assert list(gates.open_for("my policy no five hurry!")) == [0]
    assert list(gates.open_for("")) == [0]


def test_words_are_remembered_up_to_a_bound(monkeypatch):
    monkeypatch.setattr(gates_module, "MAX_REMEMBERED", 10)
    gates = Gates([Gate("@")], WordClasses.empty())
    for number in range(100):
        assert list(gates.open_for(f"a{number} b{number}@")) == [0]
    gates.open_for("x" * 1_000)
    assert len(gates._known) <= 14
