"""Retention on a real desk: nothing goes unsigned, unseen, held, in a flood, or on the word of a clock that jumped."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.compliance.clock_doubt import ClockDoubt
from app.compliance.errors import RulesMalformedError
from app.compliance.rules import Duration, RetentionRules, Unit, rules_to_json
from app.domain.conversation import InboxView, Origin
from app.domain.ids import ConversationId
from app.domain.office import Sector
from app.services.clock import MS_PER_DAY
from app.services.desk import Desk
from app.services.errors import NoSuchConversationError, RetentionFault, RetentionRefusedError
from app.services.retention.rules import load_shipped, read_rules
from app.services.retention.service import RetentionService
from tests.support.desks import TemporaryDesk

RESOURCES = Path(__file__).resolve().parents[4] / "resources"
MANY = 42


@dataclass
class Counter:
    """What the machine counts; tests let it follow the clock, or not."""

    ms: int = 0

    def __call__(self) -> int:
        return self.ms


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def made(tmp_path: Path) -> TemporaryDesk:
    return TemporaryDesk(tmp_path)


@pytest.fixture
def desk(made: TemporaryDesk, counter: Counter) -> Iterator[Desk]:
    with made.opened() as opened:
        yield with_counter(opened, counter)


def with_counter(desk: Desk, counter: Counter) -> Desk:
    desk.retention = RetentionService(desk.ledger, desk.retention.book, desk.holds, desk.erasure, counter)
    return desk


def pass_days(desk: Desk, counter: Counter, days: int) -> None:
    desk.ledger.now_ms.move(days * MS_PER_DAY)
    counter.ms += days * MS_PER_DAY


def short_rules(days: int = 30) -> RetentionRules:
    shipped = load_shipped(RESOURCES, Sector.CLINIC, "us")
    classes = tuple(replace(one, keep=Duration(days, Unit.DAYS)) for one in shipped.classes)
    return replace(shipped, classes=classes)


def start(desk: Desk, number: int = MANY) -> list[ConversationId]:
    return [desk.conversations.start(f"Person {n}", Origin.PHONE, f"a question {n}") for n in range(number)]


def refusal(desk: Desk, digest: str, **confirmed: object) -> RetentionFault:
    with pytest.raises(RetentionRefusedError) as caught:
        desk.retention.apply(digest, **confirmed)
    return caught.value.fault


def left(desk: Desk) -> int:
    return desk.conversations.counts().open


def test_what_is_due_goes_in_two_steps_with_a_certificate(desk: Desk, counter: Counter) -> None:
    first, second = start(desk, 2)
    pass_days(desk, counter, 20)
    kept = start(desk)
    pass_days(desk, counter, 10)
    desk.retention.book.sign(short_rules())
    seen = desk.retention.preview()
    assert [line.conversation_id for line in seen.plan.due] == sorted((first, second))
    assert (seen.doubt, seen.is_many, seen.can_be_applied) == (None, False, True)
    done = desk.retention.apply(seen.digest).certificate
    assert set(done.conversation_ids) == {first, second}
    assert {one["reason"] for one in done.json["conversations"]} == {"retention"}
    assert left(desk) == len(kept)
    assert desk.retention.preview().plan.due == ()


def test_nothing_goes_by_rules_that_nobody_has_signed(desk: Desk, counter: Counter) -> None:
    start(desk, 1)
    pass_days(desk, counter, 11 * 366)
    seen = desk.retention.preview()
    assert len(seen.plan.due) == 1
    assert not seen.in_force.is_signed
    assert not seen.can_be_applied
    assert refusal(desk, seen.digest, confirmed_count=1) is RetentionFault.NOT_SIGNED
    desk.retention.book.sign(seen.in_force.rules)
    in_force = desk.retention.preview().in_force
    assert (in_force.is_signed, in_force.signed_by) == (True, desk.person.display_name)
    assert in_force.rules == seen.in_force.rules


def test_a_preview_is_stale_as_soon_as_anything_in_it_has_changed(desk: Desk, counter: Counter) -> None:
    ids = start(desk, 2)
    pass_days(desk, counter, 31)
    start(desk)
    desk.retention.book.sign(short_rules())
    seen = desk.retention.preview()
    desk.conversations.add_note(ids[0], "somebody looked")
    assert refusal(desk, seen.digest) is RetentionFault.STALE_PREVIEW
    assert left(desk) == 2 + MANY


def test_there_must_be_something_due(desk: Desk) -> None:
    desk.retention.book.sign(short_rules())
    assert refusal(desk, desk.retention.preview().digest) is RetentionFault.NOTHING_DUE


def test_a_hold_always_wins(desk: Desk, counter: Counter) -> None:
    held, due = start(desk, 2)
    pass_days(desk, counter, 31)
    start(desk)
    desk.retention.book.sign(short_rules())
    seen = desk.retention.preview()
    desk.holds.add(held, owner="Mara Lind", reason="claim", review_on=desk.holds.today() + timedelta(days=9))
    assert refusal(desk, seen.digest) is RetentionFault.STALE_PREVIEW
    seen = desk.retention.preview()
    assert [line.conversation_id for line in seen.plan.held] == [held]
    assert desk.retention.apply(seen.digest).certificate.conversation_ids == (due,)
    assert desk.conversations.thread(held)


@pytest.mark.parametrize("confirmed", [None, 1, 3])
def test_more_than_five_percent_a_day_takes_the_number_that_a_person_typed(
    desk: Desk, counter: Counter, confirmed: int | None
) -> None:
    start(desk, 2)
    pass_days(desk, counter, 31)
    start(desk, 5)
    desk.retention.book.sign(short_rules())
    seen = desk.retention.preview()
    assert seen.is_many
    assert refusal(desk, seen.digest, confirmed_count=confirmed) is RetentionFault.TOO_MANY
    assert left(desk) == 7
    desk.retention.apply(seen.digest, confirmed_count=2)
    assert left(desk) == 5


def test_what_went_earlier_on_the_day_counts_too(desk: Desk, counter: Counter) -> None:
    early = start(desk, 2)
    pass_days(desk, counter, 31)
    start(desk)
    desk.retention.book.sign(short_rules())
    assert not desk.retention.preview().is_many
    desk.erasure.erase(early[:1], "request")
    more = start(desk, 1)
    assert not desk.retention.preview().is_many
    desk.erasure.erase(more, "request")
    assert desk.retention.preview().is_many


def test_a_clock_that_jumps_ahead_makes_nothing_go_by_itself(desk: Desk) -> None:
    start(desk)
    desk.retention.book.sign(short_rules())
    desk.ledger.now_ms.move(40 * MS_PER_DAY)
    seen = desk.retention.preview()
    assert (seen.doubt, len(seen.plan.due)) == (ClockDoubt.JUMPED, MANY)
    assert refusal(desk, seen.digest, confirmed_count=MANY) is RetentionFault.CLOCK_UNSURE
    wrong_day = seen.plan.today - timedelta(days=40)
    assert refusal(desk, seen.digest, confirmed_count=MANY, confirmed_day=wrong_day) is RetentionFault.CLOCK_UNSURE
    assert left(desk) == MANY
    desk.retention.apply(seen.digest, confirmed_count=MANY, confirmed_day=seen.plan.today)
    assert left(desk) == 0


def test_a_clock_that_jumped_while_the_vault_was_shut_is_doubted_too(made: TemporaryDesk, counter: Counter) -> None:
    with made.opened() as desk:
        start(desk, 1)
        desk.retention.book.sign(short_rules())
    made.clock.move(40 * MS_PER_DAY)
    with made.opened() as desk:
        assert with_counter(desk, counter).retention.preview().doubt is ClockDoubt.GAP
        made.clock.move(-60 * MS_PER_DAY)
        assert desk.retention.preview().doubt is ClockDoubt.BEHIND


def test_the_machine_itself_counts_as_long_as_the_clock_goes(made: TemporaryDesk) -> None:
    with made.opened() as desk:
        assert desk.retention.preview().doubt is None


def test_a_conversation_can_be_put_into_another_class_and_back(desk: Desk, counter: Counter) -> None:
    (cid,) = start(desk, 1)
    desk.retention.classify(cid, "enquiry")
    assert desk.retention.class_of(cid) == "enquiry"
    pass_days(desk, counter, 400)
    assert [line.class_id for line in desk.retention.preview().plan.due] == ["enquiry"]
    desk.retention.classify(cid, "")
    assert desk.retention.preview().plan.due == ()
    with pytest.raises(RetentionRefusedError) as caught:
        desk.retention.classify(cid, "bakery")
    assert caught.value.fault is RetentionFault.UNKNOWN_CLASS
    with pytest.raises(NoSuchConversationError):
        desk.retention.classify(ConversationId("never"), "enquiry")


def test_a_class_that_starts_with_closing_waits_for_it(desk: Desk, counter: Counter) -> None:
    desk.retention.book.sign(replace(short_rules(), classes=tuple(_closing(short_rules()))))
    first, second = start(desk, 2)
    desk.conversations.mark_done(first)
    desk.conversations.mark_done(second)
    pass_days(desk, counter, 20)
    desk.conversations.reopen(second)
    pass_days(desk, counter, 11)
    plan = desk.retention.preview().plan
    assert ([line.conversation_id for line in plan.due], plan.open_count) == ([first], 1)
    desk.conversations.mark_done(second)
    assert len(desk.retention.preview().plan.due) == 1


def test_what_ships_follows_sector_and_country(desk: Desk) -> None:
    assert desk.retention.book.in_force().rules.country == "us"
    desk.retention.book.use_country("de")
    assert desk.retention.book.in_force().rules.title == "Clinics, Germany"
    assert load_shipped(RESOURCES, Sector.LAW, "pt").country == "eu"


def test_names_are_read_for_what_is_shown(desk: Desk) -> None:
    ids = start(desk, 3)
    assert desk.retention.names_of(ids[:2]) == {ids[0]: "Person 0", ids[1]: "Person 1"}
    assert desk.conversations.inbox(InboxView.OPEN)


def test_a_file_of_rules_is_read_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "rules.json"
    file.write_text(json.dumps(rules_to_json(short_rules())))
    assert read_rules(file) == short_rules()
    for text, place in (("{", "json"), (" " * 300_000, "length"), ("{}", "top")):
        file.write_text(text)
        with pytest.raises(RulesMalformedError) as caught:
            read_rules(file)
        assert caught.value.place == place


def _closing(rules: RetentionRules) -> Iterator[object]:
    from app.compliance.rules import StartEvent  # noqa: PLC0415

    yield from (replace(one, starts=StartEvent.CLOSED) for one in rules.classes)
