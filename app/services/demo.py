"""Filling a demo vault with an invented office: its staff, its approved answers, its conversations."""

import json
import os
from pathlib import Path

from app.domain.events import EventKind
from app.domain.ids import OFFICE, PersonId, make_ulid
from app.domain.office import Office, Person, Role
from app.knowledge.markdown import read_article
from app.services.conversations.imports import ImportReport
from app.services.conversations.texts import check_name
from app.services.desk import Desk
from app.services.errors import DemoMixError
from app.store.logged import NewEvent
from app.store.records import office_to_json

_ULID_RANDOM_BYTES = 10


def load_demo(desk: Desk, demo_dir: Path) -> ImportReport:
    """Put the content of a demo folder (``office.json``, ``answers/*.md``, ``conversations.jsonl``) into a vault.

    Raises:
        DemoMixError: the vault is not marked as a demo; nothing was written.
        OSError, ValueError, ArticleError: the folder is not what the product ships.
    """
    if not desk.office.is_demo:
        raise DemoMixError
    raw = json.loads((demo_dir / "office.json").read_text(encoding="utf-8"))
    office = Office(check_name(raw["name"]), desk.office.sector, is_demo=True)
    staff = tuple(
        Person(_make_id(desk), one["name"], _role(one["role"]))
        for one in raw["staff"]
        if one["name"] != desk.person.display_name
    )
    named = NewEvent(OFFICE, EventKind.OFFICE_NAMED, office_to_json(office, staff))
    desk.ledger.write_all((named,), OFFICE)
    answers = sorted((demo_dir / "answers").glob("*.md"))
    desk.conversations.approve_articles(read_article(path.stem, path.read_text(encoding="utf-8")) for path in answers)
    with (demo_dir / "conversations.jsonl").open(encoding="utf-8") as lines:
        return desk.conversations.import_lines(lines)


def _make_id(desk: Desk) -> PersonId:
    return PersonId(make_ulid(desk.ledger.now_ms(), os.urandom(_ULID_RANDOM_BYTES)))


def _role(words: str) -> Role:
    """Return the role that comes nearest to a job title."""
    title = words.lower()
    if "front desk" in title or "reception" in title:
        return Role.FRONT_DESK
    return Role.ADMINISTRATOR if "manager" in title else Role.PROFESSIONAL
