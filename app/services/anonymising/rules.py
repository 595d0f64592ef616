"""The office's own rules for finding: lists, shapes, lifted hits; each correction becomes a rule and a case.

A rule that is changed or removed loses its earlier words in the log as well. Whoever works at the desk may have more
found, and lift a hit that was only guessed or read; letting through what is known or proven, and changing what others
wrote, takes the right to set rules. All methods block and are safe from any thread.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.anonymise.known import KnownText
from app.anonymise.labels import Label
from app.anonymise.office_rules import AllowedText, OfficeRules
from app.anonymise.shapes import OwnShape
from app.domain.events import EventKind
from app.domain.ids import OFFICE, ConversationId, EventId, make_ulid
from app.domain.roles import Right
from app.services.anonymising.contact_known import known_of_contact
from app.services.anonymising.rule_records import (
    AnonymisingCase,
    OfficeRule,
    RuleDraft,
    RuleKind,
    case_from_json,
    case_to_json,
    check_draft,
    rule_from_json,
    rule_to_json,
)
from app.services.anonymising.rule_sealing import RuleSeal
from app.services.errors import InvalidRuleError, RuleFault
from app.services.ledger import Ledger
from app.store.answer_query import read_contacts, read_office_events
from app.store.contacts_query import read_details
from app.store.logged import NewEvent

_ULID_RANDOM_BYTES = 10
_RULE_KINDS = (EventKind.OFFICE_RULE_SET, EventKind.OFFICE_RULE_REMOVED)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A half-open range, in code points, of the text of one message."""

    conversation_id: ConversationId
    event_id: EventId
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Correction:
    """What one correction changed, so that it can be taken back."""

    rule: OfficeRule
    before: OfficeRule | None
    case: AnonymisingCase


class AnonymiseRules:
    """The rules of one open vault."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._seal = RuleSeal(ledger)

    # -- reading ------------------------------------------------------------------------------------------------

    def standing(self) -> tuple[OfficeRule, ...]:
        """Return the rules that stand, the newest first.

        Raises:
            NotYoursError: lists name patients; who never sees a message does not see them.
        """
        self._ledger.require(Right.READ_MESSAGES)
        with self._ledger.reading() as connection:
            events = read_office_events(self._ledger.log, connection, _RULE_KINDS)
        names = self._ledger.names
        standing: dict[str, OfficeRule] = {}
        for entry in events:
            event, rule = entry.event, entry.event.body.get("rule")
            if event.kind is EventKind.OFFICE_RULE_REMOVED:
                standing.pop(str(event.body["rule_id"]), None)
            elif isinstance(rule, dict):  # a shed one was replaced
                author = names.get(event.actor, "")
                made = rule_from_json(
                    self._seal.unwrap(rule), author=author, set_ms=event.wall_ms, event_id=event.event_id
                )
                standing.pop(made.rule_id, None)  # what was changed last stands last
                standing[made.rule_id] = made
        return tuple(reversed(standing.values()))

    def for_conversation(self, conversation_id: ConversationId | None) -> OfficeRules:
        """Return everything to find with: the rules, who works here, and whose conversation this is."""
        rules = self.standing()
        known = [KnownText(rule.text, rule.label, "office.list") for rule in rules if rule.kind is RuleKind.FIND]
        shapes = [OwnShape(rule.text, rule.label) for rule in rules if rule.kind is RuleKind.SHAPE]
        lifted = [
            AllowedText(rule.text, rule.label, conversation_id in rule.confirmed_in)
            for rule in rules
            if rule.kind is RuleKind.LIFT
        ]
        return OfficeRules((*self._known(conversation_id), *known), tuple(shapes), tuple(lifted))

    def cases(self, conversation_ids: Iterable[ConversationId] | None = None) -> tuple[AnonymisingCase, ...]:
        """Return the cases of the rules that stand; those of conversations that are gone are gone with them."""
        wanted = conversation_ids
        if wanted is None:
            wanted = dict.fromkeys(cid for rule in self.standing() for cid in rule.learnt_in)
        return tuple(case for cid in wanted if self._ledger.keys.has(cid) for case in self._cases_of(cid))

    # -- writing ------------------------------------------------------------------------------------------------

    def put(self, draft: RuleDraft, rule_id: str | None = None) -> OfficeRule:
        """Write a new rule, or another text and label for one that stands; one that says the same is kept once.

        Raises:
            InvalidRuleError: with the reason; nothing changed.
        """
        return self.put_all((draft,), rule_id)[0]

    def put_all(self, drafts: Sequence[RuleDraft], rule_id: str | None = None) -> tuple[OfficeRule, ...]:
        """Write rules in one commit, as ``put`` does; a list of names that was pasted.

        Raises:
            InvalidRuleError: one of them cannot be taken; nothing changed.
            NotYoursError: to find more is for everybody at the desk, to let through or to change is not.
        """
        checked = [check_draft(draft) for draft in drafts]
        is_change = rule_id is not None or any(draft.kind is RuleKind.LIFT for draft in checked)
        self._ledger.require(Right.SET_RULES_OF_FINDING if is_change else Right.ANSWER_CLIENTS)
        with self._ledger.lock:
            by_key = {rule.key: rule for rule in self.standing()}
            by_id = {rule.rule_id: rule for rule in by_key.values()}
            if rule_id is not None and rule_id not in by_id:
                raise InvalidRuleError(RuleFault.GONE)
            before = by_id.get(rule_id or "")
            made, events = [], []
            for draft in checked:
                wanted = _new(draft, rule_id or self._new_id(), before)
                same = by_key.get(wanted.key)
                if same is None or same.rule_id == rule_id:
                    events.append(self._set(wanted, before))
                    by_key[wanted.key] = same = wanted
                made.append(same.rule_id)
            self._append(events)
            now = {rule.rule_id: rule for rule in self.standing()}
            return tuple(now[one] for one in made)

    def remove(self, rule: OfficeRule) -> None:
        """Take a rule away, with its cases; twice does nothing more.

        Raises:
            NotYoursError: what others wrote is changed by who may set rules.
        """
        self._ledger.require(Right.SET_RULES_OF_FINDING)
        with self._ledger.lock:
            standing = next((one for one in self.standing() if one.rule_id == rule.rule_id), None)
            if standing is not None:
                cases = [case for case in self.cases(standing.learnt_in) if case.rule_id == rule.rule_id]
                self._append([*map(_dropped, cases), _removed(standing)])

    def put_back(self, rule: OfficeRule, cases: Sequence[AnonymisingCase] = ()) -> None:
        """Write a rule that was removed again, with its cases."""
        self._ledger.require(Right.SET_RULES_OF_FINDING)
        with self._ledger.lock:
            if all(one.rule_id != rule.rule_id for one in self.standing()):
                self._append([self._set(rule, None), *map(_kept_case, cases)])

    def learn(self, draft: RuleDraft, where: Stretch, *, is_confirmed: bool = False) -> Correction:
        """Take a correction of one stretch: a rule (or one that says the same), and a case of the office's test set.

        Args:
            draft: what to find, or what to let through.
            where: the stretch that was corrected.
            is_confirmed: a hit that the office knows, or that is proven, may be let through in this conversation.

        Raises:
            InvalidRuleError: with the reason; nothing changed.
            NotYoursError: letting through what is known or proven takes somebody who may set rules.
        """
        self._ledger.require(Right.SET_RULES_OF_FINDING if is_confirmed else Right.ANSWER_CLIENTS)
        wanted = _new(check_draft(draft), self._new_id())
        with self._ledger.lock:
            before = next((rule for rule in self.standing() if rule.key == wanted.key), None)
            rule = _learnt(before or wanted, where.conversation_id, is_confirmed=is_confirmed)
            must_find = draft.kind is not RuleKind.LIFT
            case = AnonymisingCase(
                self._new_id(), rule.rule_id, where.conversation_id, where.event_id, where.start, where.end,
                draft.label, must_find=must_find,
            )  # fmt: skip
            self._append([self._set(rule, before), _kept_case(case)])
        return Correction(self._find(rule.rule_id), before, case)

    def take_back(self, correction: Correction) -> None:
        """Undo a correction: the rule is what it was before, the case is gone."""
        self._ledger.require(Right.ANSWER_CLIENTS)
        with self._ledger.lock:
            standing = next((one for one in self.standing() if one.rule_id == correction.rule.rule_id), None)
            is_here = self._ledger.keys.has(correction.case.conversation_id)
            events = [_dropped(correction.case)] if is_here else []
            if standing is not None:
                before = correction.before
                events.append(_removed(standing) if before is None else self._set(before, standing))
            self._append(events)

    # -- private ------------------------------------------------------------------------------------------------

    def _known(self, conversation_id: ConversationId | None) -> list[KnownText]:
        """Return who works here, the office itself, and the contact of a conversation; the contact counts first."""
        known: list[KnownText] = []
        if conversation_id is not None:
            with self._ledger.reading() as connection:
                contact = read_contacts(connection, self._ledger.keys, (conversation_id,))
                for cid, name in contact.items():
                    known += known_of_contact(name, read_details(connection, self._ledger.keys, cid))
        known += [KnownText(one.display_name, Label.PERSON, "office.staff") for one in self._ledger.people]
        return [*known, KnownText(self._ledger.office.name, Label.ORG, "office.name")]

    def _cases_of(self, conversation_id: ConversationId) -> list[AnonymisingCase]:
        kept: dict[str, AnonymisingCase] = {}
        for event in self._ledger.log.read(conversation_id):
            if event.kind is EventKind.ANONYMISING_CASE_KEPT and isinstance(event.body.get("case"), dict):
                case = case_from_json(event.body["case"], conversation_id)  # type: ignore[arg-type]
                kept[case.case_id] = case
            elif event.kind is EventKind.ANONYMISING_CASE_DROPPED:
                kept.pop(str(event.body.get("case_id")), None)
        return list(kept.values())

    def _find(self, rule_id: str) -> OfficeRule:
        return next(rule for rule in self.standing() if rule.rule_id == rule_id)

    def _new_id(self) -> str:
        return make_ulid(self._ledger.now_ms(), os.urandom(_ULID_RANDOM_BYTES))

    def _set(self, rule: OfficeRule, before: OfficeRule | None) -> NewEvent:
        wrapped = self._seal.wrap(rule.rule_id, rule_to_json(rule))
        replaces = None if before is None else before.event_id
        return NewEvent(OFFICE, EventKind.OFFICE_RULE_SET, {"rule": wrapped, "replaces": replaces})

    def _append(self, events: Sequence[NewEvent]) -> None:
        """Write without telling anybody: conversations, answers and inbox stay as they are."""
        self._ledger.log.append(tuple(events), now_ms=self._ledger.now_ms())


def _new(draft: RuleDraft, rule_id: str, before: OfficeRule | None = None) -> OfficeRule:
    """Return a rule with other words; a confirmation was about the old ones, the cases stay."""
    learnt_in = () if before is None else before.learnt_in
    return OfficeRule(rule_id, draft.kind, draft.text, draft.label, learnt_in=learnt_in)


def _learnt(rule: OfficeRule, cid: ConversationId, *, is_confirmed: bool) -> OfficeRule:
    confirmed = (cid,) if is_confirmed and cid not in rule.confirmed_in else ()
    learnt = tuple(one for one in rule.learnt_in if one != cid)
    return replace(rule, learnt_in=(*learnt, cid), confirmed_in=(*rule.confirmed_in, *confirmed))


def _removed(rule: OfficeRule) -> NewEvent:
    return NewEvent(OFFICE, EventKind.OFFICE_RULE_REMOVED, {"rule_id": rule.rule_id, "replaces": rule.event_id})


def _kept_case(case: AnonymisingCase) -> NewEvent:
    return NewEvent(case.conversation_id, EventKind.ANONYMISING_CASE_KEPT, {"case": case_to_json(case)})


def _dropped(case: AnonymisingCase) -> NewEvent:
    return NewEvent(case.conversation_id, EventKind.ANONYMISING_CASE_DROPPED, {"case_id": case.case_id})
