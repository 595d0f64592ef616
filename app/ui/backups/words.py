"""The words of the page of backups."""

from PySide6.QtCore import QCoreApplication, QLocale

from app.services.backups import RestoreReport, SnapshotInfo
from app.ui.backups.state import BackupsState
from app.ui.inbox.ages import MINUTE_MS, age_words, clock_words

_MB = 1_000_000


def size_words(size: int) -> str:
    """Bytes as people say them: "12.4 MB", "1.2 GB"."""
    megabytes = size / _MB
    if megabytes >= 1_000:  # noqa: PLR2004
        return _tr("{size} GB").format(size=QLocale().toString(megabytes / 1000, "f", 1))
    return _tr("{size} MB").format(size=QLocale().toString(megabytes, "f", 1))


def headline(state: BackupsState, now_ms: int) -> str:
    """One line that says whether the office is in order."""
    if state.folder is None:
        return _tr("There is no backup of this office")
    if not state.is_reached:
        return _tr("The folder for backups is not there")
    if state.newest is None:
        return _tr("No backup has been taken yet")
    if now_ms - state.newest.taken_ms < MINUTE_MS:
        return _tr("Backed up just now")
    return _tr("The newest backup is {age} old").format(age=age_words(state.newest.taken_ms, now_ms))


def explanation(state: BackupsState) -> str:
    """What the headline means for the person who reads it."""
    if state.folder is None:
        return _tr(
            "If this disk breaks, every conversation is lost. Choose a folder on another disk, a share or a stick."
        )
    if not state.is_reached:
        return _tr("Is the disk plugged in? Earlier backups on it are as they were.")
    if not state.every_h:
        return _tr("Backups are taken by hand only.")
    return _tr(
        "While the console is open, one is taken by itself every {hours} hours. People go on working meanwhile."
    ).format(hours=state.every_h)


def snapshot_words(info: SnapshotInfo, now_ms: int) -> str:
    """One line of the list."""
    return _tr("{moment}  ·  {events} events  ·  {size}").format(
        moment=clock_words(info.taken_ms, now_ms),
        events=QLocale().toString(info.event_count),
        size=size_words(info.size),
    )


def rehearsal_words(report: RestoreReport | None) -> str:
    """What the last rehearsal at this desk found."""
    if report is None:
        return _tr("Not rehearsed since this console was unlocked.")
    words = _tr("Came back whole in {seconds} s: {events} events, every page and every message was read.").format(
        seconds=QLocale().toString(report.seconds, "f", 1), events=QLocale().toString(report.events)
    )
    if report.erased:
        words += " " + _tr("{count} conversations that were erased since stay erased.").format(count=report.erased)
    if report.repaired:
        words += " " + _tr("{files} was damaged and came back from its second copy. Take a new backup now.").format(
            files=", ".join(report.repaired)
        )
    return words


def problem_words(code: str) -> str:
    """What went wrong, and what happened to the person's work."""
    return {
        "backup_place": _tr("The folder for backups cannot be written. Earlier backups are as they were."),
        "backup_missing": _tr("There is no backup in this folder."),
        "backup_stopped": _tr("Stopped. Earlier backups are as they were."),
        "backup_damaged": _tr("This backup would not come back whole. Take a new one now."),
        "wrong_password": _tr("That is not the password. Nothing was changed."),
        "wrong_code": _tr("Password and code do not open it together. Nothing was changed."),
        "second_missing": _tr("Your key stick is not plugged in. Nothing was tried."),
        "wrong_recovery_code": _tr("That is the code of another vault. Nothing was changed."),
        "disk_full": _tr("The disk for backups is full. Earlier backups are as they were."),
        "disk_failed": _tr("The disk for backups reported an error. Earlier backups are as they were."),
        "vault_busy": _tr("The vault was busy for a while. Please try again."),
        "not_allowed": _tr("Rehearsing takes somebody who may read conversations, or the recovery code."),
        "not_enough_memory": _tr("There is not enough free memory to open a second vault right now."),
    }.get(code, _tr("It did not work. Earlier backups are as they were."))


def _tr(text: str) -> str:
    return QCoreApplication.translate("backups", text)
