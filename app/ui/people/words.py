"""The words of the page of people and its sheets."""

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from app.domain.ids import PersonId
from app.domain.office import LicenceKind, Person, Role
from app.store.people import Member
from app.ui.inbox.ages import counted
from app.ui.people.state import Farewell, PeopleState


def _tr(text: str) -> str:
    return QCoreApplication.translate("people", text)


ROLES = {
    Role.FRONT_DESK: _tr("Front desk"),
    Role.PROFESSIONAL: _tr("Professional"),
    Role.ADMINISTRATOR: _tr("Administrator"),
    Role.AUDITOR: _tr("Auditor"),
    Role.IT: _tr("IT"),
}
MEANINGS = {
    Role.FRONT_DESK: _tr("Reads and answers every conversation. Does not change answers, export or erase."),
    Role.PROFESSIONAL: _tr("As the front desk, and approves answers, redacts, exports and holds for legal reasons."),
    Role.ADMINISTRATOR: _tr("Everything, and who may open this vault."),
    Role.AUDITOR: _tr("Controls, counts and the audit log. Never a message: no key to one is handed over."),
    Role.IT: _tr("Backups and models. Never a message: no key to one is handed over."),
}
LICENCES = {
    LicenceKind.PHYSICIAN: _tr("Physician"),
    LicenceKind.NURSE: _tr("Nurse"),
    LicenceKind.DENTIST: _tr("Dentist"),
    LicenceKind.PSYCHOTHERAPIST: _tr("Psychotherapist"),
    LicenceKind.PHARMACIST: _tr("Pharmacist"),
    LicenceKind.ATTORNEY: _tr("Attorney"),
    LicenceKind.NOTARY: _tr("Notary"),
    LicenceKind.OTHER: _tr("Another licence"),
}
_PROBLEMS = {
    "takes_administrator": _tr("This takes an administrator."),
    "not_yourself": _tr("Another administrator has to do this to you."),
    "last_administrator": _tr("Nobody else could let people in. Make somebody else an administrator first."),
    "name_empty": _tr("A name is missing."),
    "name_too_long": _tr("The name is too long."),
    "name_taken": _tr("Somebody here has this name already."),
    "licence_missing": _tr("A professional has a licence."),
    "licence_place": _tr("The place is a code, such as DE or US-CA."),
    "not_allowed": _tr("This person is not here any more."),
    "disk_full": _tr("The disk is full. Nothing was changed."),
    "disk_failed": _tr("The disk reported an error. Nothing was changed."),
    "not_enough_memory": _tr("There is not enough free memory for a password right now. Nothing was changed."),
}


def problem_words(code: str) -> str:
    """Say why something cannot be done."""
    return _PROBLEMS.get(code, _tr("It did not work. Nothing was changed."))


def headline(state: PeopleState) -> str:
    """One line that says how many there are."""
    if state.people is None:
        return _tr("Reading who is here…")
    number = len(state.people.members)
    if number == 1:
        return _tr("One person opens this vault")
    return _tr("{count} people open this vault").format(count=number)


def explanation(state: PeopleState) -> str:
    """What the headline means."""
    if state.people is None:
        return ""
    if len(state.people.members) == 1:
        return _tr("Everybody who works here gets a password of their own: then the log can say who did what.")
    return _tr("Each with a password of their own. What somebody may see and do hangs on their role.")


def detail(member: Member, me: PersonId | None) -> str:
    """Role, licence, and what is still to be done."""
    person = member.person
    parts = [ROLES[person.role]]
    if person.licence is not None:
        parts.append(f"{LICENCES[person.licence.kind]}, {person.licence.place}")
    if person.person_id == me:
        parts.append(_tr("you"))
    if member.must_change:
        parts.append(_tr("has not chosen a password yet"))
    if member.asks_code:
        parts.append(_tr("password and phone"))
    if member.second is not None:
        parts.append(_tr("key stick"))
    return " · ".join(parts)


def recovery_words(state: PeopleState) -> str:
    """Which printed ways in there are."""
    if state.people is None:
        return ""
    code = proven_words(_tr("The recovery code"), state.paper.code_proven_ms)
    if state.people.has_shares:
        ways = _tr("The printed recovery code, or any two of the three printed shares, open the vault as well.")
        return f"{ways} {code} {proven_words(_tr('The shares'), state.paper.shares_proven_ms)}"
    ways = _tr("The printed recovery code opens the vault as well. Cut into shares, no single sheet of paper would.")
    return f"{ways} {code}"


def proven_words(paper: str, proven_ms: int | None) -> str:
    """Say when paper was last proved to open the vault."""
    if proven_ms is None:
        return _tr("{paper}: nobody has proved yet that the paper works.").format(paper=paper)
    day = datetime.fromtimestamp(proven_ms / 1000).astimezone()
    return _tr("{paper}: proved on {day}.").format(paper=paper, day=f"{day.day} {day:%B %Y}")


def farewell_title(person: Person) -> str:
    """Ask by name."""
    return _tr("Let {name} go?").format(name=person.display_name)


def farewell_words(farewell: Farewell) -> str:
    """What it means, with the count."""
    count = counted(farewell.conversations, _tr("open conversation"), _tr("open conversations"))
    freed = _tr("{count} will be nobody's.").format(count=count) if farewell.conversations else ""
    return " ".join(
        filter(
            None,
            (
                _tr("The password opens nothing from now on. What they did stays in the log under their name."),
                freed,
                _tr("The console then locks, and the whole vault is written anew under another key."),
            ),
        )
    )


def given_words(person: Person) -> str:
    """What to do with a one-time password."""
    return _tr(
        "Hand it to {name}. It is shown only now, and opens nothing until they have chosen a password of their own."
    ).format(name=person.display_name)
