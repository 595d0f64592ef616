"""The operations that are killed, their phases, and what must be true afterwards."""

import shutil

from app.domain.conversation import Origin
from app.domain.events import EventKind
from app.domain.ids import ConversationId
from app.services.desk import Desk
from app.store.erasing import unfinished
from tests.support import kill_acts as acts
from tests.support.kill_office import ERASED_WORD, GONE, KEPT, KillOffice, texts
from tests.support.kill_points import Operation, Phase
from tests.support.watched_child import Ending

LANTERN = "a lantern hangs by the door"
_OPENING = Phase("opening", "")
_CLOSING = Phase("closing", "closing")


def _whole(office: KillOffice, desk: Desk) -> list[str]:
    """What every operation must leave: all that was there before, sound, and no leftovers beside the vault."""
    found = office.lost(desk)
    left = [path.name for path in office.root.iterdir() if path.name.startswith(".")]
    left += [path.name for path in office.vault_dir.iterdir() if path.name.startswith(("rotation", ".", "index.next"))]
    return found + [f"wrong: left behind {name}" for name in left]


def _acknowledged(desk: Desk, ending: Ending) -> list[str]:
    """What was acknowledged as begun and is not there."""
    begun = [ConversationId(what) for what in ending.acknowledged if isinstance(what, str) and what.startswith("01")]
    return [f"lost: {cid}" for cid in begun if LANTERN not in texts(desk, cid)]


def _after_slots(office: KillOffice, ending: Ending) -> list[str]:
    is_in = office.may_nora_in()
    wrongs = ["wrong: somebody who was let go came in"] if is_in and "let go" in ending.acknowledged else []
    with office.opened() as desk:
        wrongs += _whole(office, desk)
        desk.vault.close()
    return wrongs


def _after_rotation(office: KillOffice, ending: Ending) -> list[str]:
    wrongs = ["wrong: somebody who was let go came in"] if office.may_nora_in() else []
    with office.opened() as desk:
        wrongs += _whole(office, desk)
        kinds = [entry.kind for entry in desk.ledger.log.walk_from(0)] if ending.acknowledged else None
        if kinds is not None and EventKind.KEYS_ROTATED.value not in kinds:
            wrongs.append("lost: the rotation")
        desk.vault.close()
    return wrongs


def _after_writing(office: KillOffice, ending: Ending) -> list[str]:
    with office.opened() as desk:
        return [*_whole(office, desk), *_acknowledged(desk, ending)]


def _after_erasure(office: KillOffice, ending: Ending) -> list[str]:
    with office.opened() as desk:
        wrongs = _whole(office, desk)
        is_there = GONE in texts(desk, office.gone)
        if "erased" in ending.acknowledged and is_there:
            wrongs.append("wrong: what was erased is there")
        if unfinished(desk.vault):
            wrongs.append("wrong: the erasure is not finished")
        if len(desk.conversations.search(ERASED_WORD)) != is_there:
            wrongs.append(f"wrong: the index holds {ERASED_WORD!r}, the vault {is_there}")
        if not is_there and desk.vault.keyring.has(office.gone):
            wrongs.append("wrong: the key is there")
    brought = office.restored_texts(office.root / "again")
    if not is_there and brought[office.gone]:
        wrongs.append("wrong: the backup brings back what was erased")
    return wrongs + [f"lost: {cid} in the backup" for cid in office.kept if not brought[cid]]


def _after_backup(office: KillOffice, ending: Ending) -> list[str]:
    with office.opened() as desk:
        wrongs = [*_whole(office, desk), *_acknowledged(desk, ending)]
        number = max((what[1] for what in ending.acknowledged if isinstance(what, tuple)), default=None)
        desk.vault.abandon()
    wrongs += _lacks(office, office.restored_texts(office.root / "newest", number), "the backup")
    with office.opened() as desk:
        desk.backups.take(office.disk, keep=1)
    return wrongs + _lacks(office, office.restored_texts(office.root / "next"), "the next backup")


def _lacks(office: KillOffice, brought: dict[str, str], where: str) -> list[str]:
    wanted = dict(zip((*office.kept, office.gone), (*KEPT, GONE), strict=True))
    return [f"lost: {cid} in {where}" for cid, words in wanted.items() if words not in brought[cid]]


def _add_lantern(office: KillOffice) -> None:
    with office.opened() as desk:
        desk.conversations.start("Emil Hahn", Origin.PHONE, LANTERN)
        desk.conversations.catch_up_index()


def _after_restore(office: KillOffice, ending: Ending) -> list[str]:
    with office.opened() as desk:
        wrongs = _whole(office, desk)
        has_lantern = bool(desk.conversations.search("lantern"))
        if GONE not in texts(desk, office.gone):
            wrongs.append("lost: a conversation")
    aside = list(office.root.glob("vault.before-restore-*"))
    if "restored" in ending.acknowledged and (has_lantern or len(aside) != 1):
        wrongs.append("wrong: not restored")
    if not has_lantern:  # what stood there before was moved aside, whole
        before = KillOffice(office.root / "before", office.mara, office.nora, office.kept, office.gone)
        before.root.mkdir()
        shutil.move(aside[0], before.vault_dir)
        with before.opened() as desk:
            wrongs += [] if desk.conversations.search("lantern") else ["lost: what the restore replaced"]
    return wrongs


OPERATIONS = (
    Operation(
        "slot rewrite",
        acts.change_slots,
        lambda office: None,
        _after_slots,
        (
            _OPENING,
            Phase("new file beside", r"create vault/\.slots\.json.*"),
            Phase("swap", r"rename vault/slots\.json"),
            Phase("noted in the head", r"create vault/head\.."),
            _CLOSING,
        ),
    ),
    Operation(
        "rotation",
        acts.rotate_keys,
        KillOffice.let_nora_go,
        _after_rotation,
        (_OPENING, *(Phase(name, name) for name in ("started", "copied", "written", "checked", "ready", "moved"))),
    ),
    Operation(
        "migration",
        acts.migrate,
        KillOffice.make_old,
        _after_writing,
        (_OPENING, Phase("new schema", "upgrade"), Phase("first work", "after upgrade"), _CLOSING),
    ),
    Operation(
        "keyring swap",
        acts.swap_keyring,
        lambda office: None,
        _after_writing,
        (
            _OPENING,
            Phase("first copy beside", r"create vault/\.keyring\.a.*"),
            Phase("first copy swapped", r"rename vault/keyring\.a"),
            Phase("second copy beside", r"create vault/\.keyring\.b.*"),
            Phase("second copy swapped", r"rename vault/keyring\.b"),
            Phase("noted in the head", r"write vault/head\.."),
            Phase("old index gone", r"unlink vault/index\.db"),
            Phase("new index", "after swap"),
            _CLOSING,
        ),
    ),
    Operation(
        "erasure",
        acts.erase,
        lambda office: None,
        _after_erasure,
        (
            _OPENING,
            Phase("tombstone", "begun"),
            Phase("index beside", "tombstone"),
            Phase("first keyring copy", r"create vault/\.keyring\.a.*"),
            Phase("second keyring copy", r"create vault/\.keyring\.b.*"),
            Phase("keyring of the backup", r"create disk/.*/\.keyring\.a.*"),
            Phase("rows", "key"),
            Phase("index", "rows"),
            Phase("checkpoint", "index"),
            Phase("hunt", "checkpoint"),
            Phase("certificate", r"write vault/vault\.db-wal"),
            _CLOSING,
        ),
    ),
    Operation(
        "backup",
        acts.back_up,
        lambda office: None,
        _after_backup,
        (
            _OPENING,
            Phase("standing still", "backup"),
            Phase("blocks", r"(mkdir|create) disk/.*/blocks/.*"),
            Phase("keyring", r"create disk/.*/\.keyring\.a.*"),
            Phase("snapshot", r"create disk/.*/snapshots/.*"),
            Phase("noted in the log", r"write vault/vault\.db-wal"),
            Phase("older ones go", "prune"),
            _CLOSING,
        ),
    ),
    Operation(
        "restore",
        acts.restore,
        _add_lantern,
        _after_restore,
        (
            Phase("assembling", ""),
            Phase("opening", r"create .*/vault\.db-wal"),
            Phase("tables", "rebuild_projections"),
            Phase("check", "verify_log"),
            Phase("taking its place", "settle"),
            Phase("swapped", r"rename .*"),
        ),
    ),
)
"""Slot rewrite, rotation, migration, keyring swap, erasure, backup, restore."""
