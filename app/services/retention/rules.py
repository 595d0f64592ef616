"""Which rules of retention an office lives by: what ships for its sector and country, or what somebody has signed.

Signing puts the whole rules into the log, so that a changed file on the disk changes nothing. Until then what ships is
a proposal: it is shown and planned with, and nothing goes by it.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.compliance.errors import RulesMalformedError
from app.compliance.rules import RetentionRules, parse_rules, rules_to_json
from app.config import find_places
from app.config.country import DEFAULT_COUNTRY
from app.domain.events import Event, EventKind
from app.domain.ids import OFFICE
from app.domain.office import Sector
from app.services.ledger import Ledger
from app.store.chain import StoredEvent
from app.store.tombstones import of_kind

MAX_RULES_BYTES = 256 * 1024
_ELSEWHERE = "eu"
"""The set for countries that have none of their own."""


@dataclass(frozen=True, slots=True)
class RulesInForce:
    """The rules in use. ``signed_by`` and ``signed_ms`` are None while nobody has signed: then nothing goes by them."""

    rules: RetentionRules
    signed_by: str | None
    signed_ms: int | None

    @property
    def is_signed(self) -> bool:
        """Whether an administrator answers for them."""
        return self.signed_ms is not None


class RetentionBook:
    """The rules of one open vault. Safe from any thread."""

    def __init__(self, ledger: Ledger, sector: Callable[[], Sector]) -> None:
        self._ledger = ledger
        self._sector = sector
        self._country = DEFAULT_COUNTRY

    def use_country(self, country: str) -> None:
        """Propose the rules of another country; what is signed stays."""
        self._country = country

    def in_force(self) -> RulesInForce:
        """Return the rules that were signed last, else what ships."""
        with self._ledger.reading() as connection:
            rows = connection.execute(of_kind(EventKind.RETENTION_SIGNED)).all()
        if not rows:
            return RulesInForce(self.proposal(), None, None)
        event = self._ledger.log.logged(StoredEvent(*rows[-1])).event
        return RulesInForce(parse_rules(event.body["rules"]), self._ledger.names.get(event.actor), event.wall_ms)

    def proposal(self) -> RetentionRules:
        """Return what ships for the sector and the country."""
        return load_shipped(find_places({}).resources_dir, self._sector(), self._country)

    def sign(self, rules: RetentionRules) -> Event:
        """Put the name of the person at the desk under ``rules``; from now on they are in force.

        Raises:
            NotYoursError: takes an administrator.
        """
        return self._ledger.write(OFFICE, EventKind.RETENTION_SIGNED, rules=rules_to_json(rules))


def load_shipped(resources_dir: Path, sector: Sector, country: str) -> RetentionRules:
    """Return the rules that ship for a sector and a country, or those for every other country."""
    folder = resources_dir / "retention"
    file = folder / f"{sector.value}.{country}.json"
    return read_rules(file if file.is_file() else folder / f"{sector.value}.{_ELSEWHERE}.json")


def read_rules(file: Path) -> RetentionRules:
    """Return the rules of a file.

    Raises:
        RulesMalformedError: naming the place.
        OSError: it cannot be read.
    """
    with file.open("rb") as stream:
        raw = stream.read(MAX_RULES_BYTES + 1)
    if len(raw) > MAX_RULES_BYTES:
        raise RulesMalformedError("length")
    try:
        untrusted = json.loads(raw)
    except ValueError:
        raise RulesMalformedError("json") from None
    return parse_rules(untrusted)
