"""The desks for development: each fact that a right reply says stands in its answer, and nothing else is accepted."""

import pytest

from app.domain.office import Sector
from app.services.drafting.grounding import Claim, unsupported_facts
from models.recipes.desks import read_desk, read_desks

TEXT = """# quay | Quay Clinic | clinic
## hours | Opening hours
We are open until 18:00.
? how long are you open || 18:00 | open
~ Are you open on Sunday?
- Do you sell boats?
"""


def test_a_desk_is_read_line_by_line() -> None:
    desk = read_desk(TEXT)
    assert (desk.key, desk.sector) == ("quay", Sector.CLINIC)
    assert [(one.article_id, one.title, one.body) for one in desk.articles] == [
        ("hours", "Opening hours", "We are open until 18:00.")
    ]
    assert [(one.answer, one.facts) for one in desk.questions] == [("hours", ("18:00", "open")), (None, ()), (None, ())]


def test_a_line_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="Second line"):
        read_desk(TEXT.replace("? how", "Second line\n? how"))


def test_every_fact_of_every_desk_stands_in_its_answer() -> None:
    desks = list(read_desks())
    assert len(desks) == 6
    for desk in desks:
        bodies = {one.article_id: one.body for one in desk.articles}
        for asked in desk.questions:
            body = bodies[asked.answer] if asked.answer is not None else ""
            for fact in asked.facts:
                held = not unsupported_facts([Claim(fact, (body,))], (), ())
                assert fact.casefold() in body.casefold() or held, (desk.key, fact)
