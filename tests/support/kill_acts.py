"""What a desk is doing when it dies. Each runs in a child and acknowledges what a person would be told is done."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from app.domain.conversation import Origin
from app.services import backups
from app.services.backups import RestoreService
from app.store import open_vault
from app.store.rotation import rotate
from tests.support.call_filter import mark
from tests.support.kill_office import NORA, KillOffice
from tests.support.people import open_as

Acknowledge = Callable[[Any], None]


def marked(module: object, name: str) -> None:
    """Have a function of the product say when it begins and when it is done."""
    whole = getattr(module, name)

    @wraps(whole)
    def spoken(*given: Any, **named: Any) -> Any:
        mark(f"{name}")
        result = whole(*given, **named)
        mark(f"after {name}")
        return result

    setattr(module, name, spoken)


def change_slots(acknowledge: Acknowledge, office: KillOffice) -> None:
    """Let a person go: the slot file is written anew."""
    with office.opened() as desk:
        mark("slots")
        desk.vault.people.disable(NORA.person_id)
        acknowledge("let go")
        mark("closing")
        desk.vault.close()


def rotate_keys(acknowledge: Acknowledge, office: KillOffice) -> None:
    """Give the vault another key."""
    vault = open_as(office.vault_dir, office.mara.person.person_id, office.mara.seed)
    rotate(vault, 1_795_000_900_000, lambda point: mark(point.value))
    acknowledge("rotated")


def migrate(acknowledge: Acknowledge, office: KillOffice) -> None:
    """Open a vault of the first schema, and write to it."""
    marked(open_vault, "upgrade")
    with office.opened() as desk:
        acknowledge("open")
        acknowledge(desk.conversations.start("Emil Hahn", Origin.PHONE, "a lantern hangs by the door"))
        mark("closing")


def swap_keyring(acknowledge: Acknowledge, office: KillOffice) -> None:
    """Begin a conversation, then have both copies of the keyring written anew, and begin another."""
    with office.opened() as desk:
        acknowledge(desk.conversations.start("Emil Hahn", Origin.PHONE, "a lantern hangs by the door"))
        mark("swap")
        desk.vault.renew_index()
        mark("after swap")
        acknowledge(desk.conversations.start("Emil Hahn", Origin.PHONE, "a lantern hangs by the door"))
        desk.conversations.catch_up_index()
        mark("closing")


def erase(acknowledge: Acknowledge, office: KillOffice) -> None:
    """Erase a conversation as a person does, backups and certificate included."""
    with office.opened() as desk:
        mark("begun")
        desk.erasure.erase([office.gone], "request", at=lambda step: mark(step.value))
        acknowledge("erased")
        mark("closing")


def back_up(acknowledge: Acknowledge, office: KillOffice) -> None:
    """Write something and take a backup; only one snapshot is kept, so that older blocks go."""
    with office.opened() as desk:
        acknowledge(desk.conversations.start("Emil Hahn", Origin.PHONE, "a lantern hangs by the door"))
        marked(backups, "prune")
        mark("backup")
        acknowledge(("backup", desk.backups.take(office.disk, keep=1).snapshot.number))
        mark("closing")


def restore(acknowledge: Acknowledge, office: KillOffice) -> None:
    """Bring the backup back in place of the vault."""
    for name in ("rebuild_projections", "verify_log", "settle"):
        marked(backups, name)
    mark("assembling")
    RestoreService().restore(office.disk, office.vault_dir, office.opener, is_replacing=True)
    acknowledge("restored")
