"""A reply as the beginning of an answer: what belongs to one person becomes a field, what is the office's own stays."""

from itertools import pairwise

import pytest

from app.domain.ids import ArticleId
from app.domain.proposal import Article
from app.services.answers.draft import Why
from app.services.answers.from_reply import draft_answer

ANSWERS = (
    Article(
        ArticleId("hours"),
        "Opening hours",
        "We are open Monday to Friday, 8:00 to 17:00. Call us at (406) 555-0142. Dr. Bergelin sees children.",
        None,
    ),
)
OWN = ("Linden Street Family Practice", "Rosa Field")


def body(reply, contact="Ada Quill", messages=(), taken_back=frozenset()):
    return draft_answer(reply, contact, messages, ANSWERS, OWN).body(taken_back)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("Dear Ms Quill, see you.", "Dear {name}, see you."),
        ("Hello Ada Quill, hello Quil!", "Hello {name}, hello {name}!"),
        ("Quill's visit, and Mr Quíll's.", "{name}'s visit, and {name}'s."),
        ("ada, your visit is on 3 December at 10:30.", "{name}, your visit is on {date} at {time}."),
        ("Either 3 December or 4 December.", "Either {date} or {date 2}."),
        ("On 3 December. Again: 3 December.", "On {date}. Again: {date}."),
        ("Your number is (406) 555-0199, isn't it?", "Your number is {phone}, isn't it?"),
        ("We wrote to ada@example.org about $40.", "We wrote to {email} about {amount}."),
        ("Come on 3 December at 17:00. We close at 17:00.", "Come on {date} at {time}. We close at 17:00."),
        ("Your file is 448812, it takes 2 weeks.", "Your file is {number}, it takes 2 weeks."),
        ("Please bring {document} with you.", "Please bring {document} with you."),
    ],
)
def test_what_belongs_to_one_person_becomes_a_field(reply, expected):
    assert body(reply) == expected


@pytest.mark.parametrize(
    "reply",
    [
        "We are open Monday to Friday until 17:00.",
        "Call us at (406) 555-0142.",
        "Please ask for Dr. Bergelin or Rosa Field at Linden Street Family Practice.",
        "It takes 2 weeks and 30 minutes.",
    ],
)
def test_what_is_the_offices_own_stays(reply):
    draft = draft_answer(reply, "Ada Quill", (), ANSWERS, OWN)
    assert draft.body() == reply
    assert draft.guesses == ()


def test_names_of_the_conversation_are_found_where_they_open_a_sentence():
    messages = ("Can my husband Bruno come along?",)
    assert body("Bruno may come along. Thank you!", messages=messages) == "{person} may come along. Thank you!"
    assert body("Bring Bruno.", messages=()) == "Bring {person}."


def test_a_contact_who_shares_a_name_with_an_answer_is_still_a_contact():
    assert body("Dear Mr Bergelin, hello.", contact="Tom Bergelin") == "Dear {name}, hello."


def test_a_person_may_take_one_field_back():
    draft = draft_answer("Ada, on 3 December.", "Ada Quill", (), ANSWERS, OWN)
    assert [(draft.original(guess), guess.why) for guess in draft.guesses] == [
        ("Ada", Why.CONTACT),
        ("3 December", Why.DATE),
    ]
    assert draft.body(frozenset({1})) == "{name}, on 3 December."
    assert draft.body(frozenset({0, 1})) == "Ada, on 3 December."


def test_guesses_never_overlap_and_stand_in_order():
    draft = draft_answer("Ada Quill-Ada 3 December 10:30 (406) 555-0199 a@b.example 99999", "Ada Quill", (), (), ())
    places = [(guess.start, guess.end) for guess in draft.guesses]
    assert places == sorted(places)
    assert all(before[1] <= after[0] for before, after in pairwise(places))
