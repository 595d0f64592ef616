"""Summaries and hand-over notes: nothing that the thread does not say, and never empty-handed."""

import re

import pytest

from app.domain.conversation import ConversationState, ItemKind, Origin, Party, Thread, ThreadItem, Urgency
from app.domain.ids import ConversationId, EventId
from app.domain.prompt import CHATML, Speaker, Task, Turn
from app.inference.generation import ProblemCode as ModelProblem
from app.services.drafting.asking import Asker, DraftFailedError, Wish
from app.services.ports import ProblemCode
from app.services.proposing.digest import extract_note, stamp
from app.services.proposing.digest_words import ENGLISH, SPANISH, DigestWords, words_for
from app.services.proposing.noting import ThreadNote, write_note
from tests.support.scripted_model import Reply, ScriptedModel

MINUTE_MS = 60_000
SAID = [
    (Party.VISITOR, ItemKind.MESSAGE, "Hello! I have two tablets of lisinopril 10 mg left. I fly on Thursday."),
    (Party.DESK, ItemKind.MESSAGE, "Thank you. We will call Dunmore Pharmacy by noon and let you know."),
    (Party.SYSTEM, ItemKind.NOTICE, "assigned"),
    (Party.DESK, ItemKind.NOTE, "Pharmacy closes at 18:00 today."),
    (Party.VISITOR, ItemKind.MESSAGE, "Great. Can my husband collect it? My number is 555-0151."),
]


def thread(urgency: Urgency = Urgency.ROUTINE, said: list[tuple[Party, ItemKind, str]] = SAID) -> Thread:
    items = tuple(
        ThreadItem(EventId(str(place)), kind, party, "Dana Whitcroft", text, place * MINUTE_MS)
        for place, (party, kind, text) in enumerate(said)
    )
    state = ConversationState.OPEN
    return Thread(
        ConversationId("one"), "Ada Quill", Origin.PHONE, urgency, state, None, None, items, None, "", "", None, None
    )


def turns(of: Thread) -> tuple[Turn, ...]:
    return tuple(
        Turn(Speaker.VISITOR if item.party is Party.VISITOR else Speaker.DESK, item.text)
        for item in of.items
        if item.kind is ItemKind.MESSAGE
    )


def note(reply: Reply | None, task: Task = Task.SUMMARY) -> ThreadNote:
    asker = None if reply is None else Asker(ScriptedModel([reply]), CHATML)
    return write_note(thread(), turns(thread()), Wish(task), asker)


def test_an_extract_tells_what_was_said_promised_and_left_open() -> None:
    text = extract_note(thread(), Task.SUMMARY)
    blocks = dict(block.split(":\n", 1) for block in text.split("\n\n"))
    assert "I have two tablets of lisinopril 10 mg left." in blocks["What was said"]
    assert f"- Dana Whitcroft, {stamp(MINUTE_MS)}: \u201cWe will call Dunmore Pharmacy by noon" in text
    assert "We will call" in blocks["Promised by the desk"]
    assert text.count("Can my husband collect it?") == 1


def test_a_hand_over_note_begins_with_what_is_open_and_holds_the_notes() -> None:
    text = extract_note(thread(), Task.HAND_OVER_NOTE)
    assert text.startswith("Not answered yet:\n- Ada Quill, ")
    assert "Can my husband collect it?" in text.split("\n\n", maxsplit=1)[0]
    assert "Pharmacy closes at 18:00 today." in text
    assert "assigned" not in text


SAID_IN_SPANISH = [
    (Party.VISITOR, ItemKind.MESSAGE, "Buenos días. Me quedan dos pastillas de lisinopril 10 mg y viajo el jueves."),
    (Party.DESK, ItemKind.MESSAGE, "Gracias. Le llamaremos antes del mediodía."),
    (Party.DESK, ItemKind.NOTE, "La farmacia cierra a las 18:00."),
    (Party.VISITOR, ItemKind.MESSAGE, "Muy bien. ¿Puede recogerlas mi esposo? Mi número es el 555-0151."),
]


def test_a_thread_in_spanish_gets_spanish_headings() -> None:
    text = extract_note(thread(said=SAID_IN_SPANISH), Task.HAND_OVER_NOTE)
    blocks = dict(block.split(":\n", 1) for block in text.split("\n\n"))
    assert list(blocks) == [
        "Sin responder todavía",
        "Prometido por la oficina",
        "Anotado en la oficina",
        "Lo que se dijo",
    ]
    assert "¿Puede recogerlas mi esposo?" in blocks["Sin responder todavía"]
    assert "Le llamaremos antes del mediodía." in blocks["Prometido por la oficina"]
    assert "La farmacia cierra" in blocks["Anotado en la oficina"]
    assert "dos pastillas de lisinopril 10 mg" in blocks["Lo que se dijo"]


@pytest.mark.parametrize(
    ("messages", "words"),
    [
        (["Hola, quiero una cita"], SPANISH),
        (["My name is José de la Cruz. When can I come?"], ENGLISH),
        (["ok"], ENGLISH),
        (["Hello", "¿Hay una cita para mi hija el lunes?"], SPANISH),
    ],
    ids=str,
)
def test_the_language_is_that_of_most_small_words(messages: list[str], words: DigestWords) -> None:
    assert words_for(messages) is words


@pytest.mark.parametrize("task", [Task.SUMMARY, Task.HAND_OVER_NOTE])
def test_every_quoted_sentence_stands_in_the_thread_word_for_word(task: Task) -> None:
    everything = " ".join(text for _, _, text in SAID)
    quotes = re.findall("\u201c(.*?)\u201d", extract_note(thread(), task))
    assert len(quotes) >= 4
    assert all(quote in everything for quote in quotes)


def test_the_words_of_a_model_are_taken_when_the_thread_holds_them() -> None:
    written = note("Ada Quill has two tablets of lisinopril 10 mg left and flies on Thursday.")
    assert (written.is_extract, written.model_name) == (False, "scripted")


@pytest.mark.parametrize(
    "reply",
    [
        "She has three tablets of lisinopril left and flies on Thursday.",
        "She has two tablets of lisinopril 20 mg left.",
        "She flies on Friday with two tablets of lisinopril.",
        "She has no tablets of lisinopril left and will not fly on Thursday.",
        "Bettina has two tablets of lisinopril 10 mg left and flies on Thursday.",
        "Mr Strandquist will collect the tablets of lisinopril.",
        "The weather is lovely and everybody enjoys the garden.",
        "[none]",
        "",
        ModelProblem.WORKER_UNAVAILABLE,
    ],
)
def test_else_the_program_puts_the_note_together(reply: Reply) -> None:
    written = note(reply)
    assert written.is_extract
    assert "I have two tablets of lisinopril 10 mg left." in written.text


def test_without_a_taught_model_none_is_asked() -> None:
    assert note(None, Task.HAND_OVER_NOTE).is_extract


def test_a_thread_without_messages_has_no_note() -> None:
    empty = thread(said=[])
    with pytest.raises(DraftFailedError) as failed:
        write_note(empty, turns(empty), Wish(Task.SUMMARY), None)
    assert failed.value.code is ProblemCode.NOTHING_TO_ANSWER
