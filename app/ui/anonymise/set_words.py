"""What becomes of a set of conversations, in sentences of counts."""

from PySide6.QtCore import QCoreApplication

from app.anonymise.risk import QuasiKind
from app.services.anonymising.sets import Fate, ReleasedSet
from app.ui.inbox.ages import counted


def conversations(count: int) -> str:
    """Return "1 conversation", "12 conversations"."""
    return counted(count, _tr("conversation"), _tr("conversations"))


def set_words(released: ReleasedSet) -> str:
    """Return what would leave, what was said more broadly, what stays and why; one sentence a line."""
    leaving, broader = len(released.leaving), released.count(Fate.GENERALISED)
    lines = [
        _tr("{leaving} of {all} would leave.").format(leaving=leaving, all=conversations(len(released.conversations)))
    ]
    if leaving:
        as_they_are = released.count(Fate.AS_ANONYMISED)
        lines.append(
            _tr("{same} as they were anonymised, {broader} in broader words.").format(same=as_they_are, broader=broader)
        )
    lines += [
        words.format(count=conversations(released.count(fate)))
        for fate, words in _stays().items()
        if released.count(fate)
    ]
    kinds = _kinds()
    broadened = [
        f"{kinds[cost.kind]} ({cost.broadened + cost.given_up})"
        for cost in released.risk.costs
        if cost.broadened + cost.given_up
    ]
    if broadened:
        lines.append(_tr("Said more broadly, or left out: {kinds}.").format(kinds=", ".join(broadened)))
    before = released.risk.before
    if before.rare:
        lines.append(
            _tr("Before, {rare} stood in a combination that fewer than {k} share; now none does.").format(
                rare=before.rare, k=released.risk.k
            )
        )
    return "\n".join(lines)


def _stays() -> dict[Fate, str]:
    return {
        Fate.RARE: _tr("{count} would stay: too much of it is rare among these."),
        Fate.NO_CONSENT: _tr("{count} would stay: its patient keeps everything but people out of it."),
        Fate.NOT_ANONYMISED: _tr("{count} would stay: it could not be anonymised."),
        Fate.EMPTY: _tr("{count} would stay: there is no message in it."),
    }


def _kinds() -> dict[QuasiKind, str]:
    return {
        QuasiKind.DATE: _tr("dates"),
        QuasiKind.PLACE: _tr("places"),
        QuasiKind.AGE: _tr("ages"),
        QuasiKind.ORIGIN: _tr("origins"),
        QuasiKind.PROFESSION: _tr("professions"),
        QuasiKind.CONDITION: _tr("conditions"),
    }


def _tr(text: str) -> str:
    return QCoreApplication.translate("anonymise", text)
