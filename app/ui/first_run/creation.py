"""Making the vault: blocking work for the store thread, told about through a callback."""

import json
from collections.abc import Callable
from enum import Enum
from pathlib import Path

from app.services.demo import load_demo
from app.services.desk import Desk
from app.services.people.recovery import mark_unproven
from app.ui.first_run.steps import Answers, Start, wanted_office
from app.ui.lock.ports import OpeningParts


class Stage(Enum):
    """What is being done. Nobody can know how far it is, so no figure is shown."""

    STRETCHING = "stretching"
    FILLING = "filling"


class Creation:
    """A desk that was just made and its recovery code, which is shown once and kept nowhere else."""

    __slots__ = ("desk", "recovery_code")

    def __init__(self, desk: Desk, recovery_code: str) -> None:
        self.desk = desk
        self.recovery_code = recovery_code

    def __repr__(self) -> str:
        return "<Creation hidden>"


def create_vault(parts: OpeningParts, answers: Answers, password: str, tell: Callable[[Stage], object]) -> Creation:
    """Make the vault that the answers describe and, for a demo, fill it.

    Raises:
        StoreError, ServiceError: as the vault service does; nothing half-made stays open or is left behind.
    """
    if answers.sector is None:
        raise ValueError("the wizard has not asked for the sector")
    tell(Stage.STRETCHING)
    demo_dir = parts.demo_dir(answers.sector)
    office = wanted_office(answers, _demo_name(demo_dir) if answers.start is Start.DEMO else "")
    created = parts.vault_service.create(
        parts.vault_dir, password=password, person_name=answers.person_name, office=office
    )
    try:
        mark_unproven(parts.vault_dir)
        if office.is_demo:
            tell(Stage.FILLING)
            load_demo(created.desk, demo_dir)
    except BaseException:
        remove_new_vault(created.desk, parts.vault_dir)
        raise
    return Creation(created.desk, created.recovery_code)


def renew_code(desk: Desk) -> Creation:
    """Go on with a vault whose paper nobody has proved: its code is stored nowhere, so it gets another one.

    Raises:
        StoreError, ServiceError: nothing changed.
    """
    return Creation(desk, desk.recovery.renew_code())


def prove_code(desk: Desk, code: str) -> None:
    """Really open the recovery slot with what was typed from the paper, and remember that it worked.

    Raises:
        RecoveryCodeError, StoreError: it did not.
    """
    desk.recovery.prove(code)


def remove_new_vault(desk: Desk, directory: Path) -> None:
    """Close and delete a vault that was made a moment ago and that nobody has worked with.

    Only plain files directly in the folder go; it holds nothing but what the vault service put there, since a vault is
    never made in a folder that is not empty.
    """
    desk.close()
    for file in directory.iterdir():
        if file.is_file() and not file.is_symlink():
            file.unlink()


def _demo_name(folder: Path) -> str:
    return str(json.loads((folder / "office.json").read_text(encoding="utf-8"))["name"])
