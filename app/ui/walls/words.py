"""The words of walls and of emergency access."""

from PySide6.QtCore import QCoreApplication

from app.domain.ids import PersonId
from app.domain.office import Role
from app.domain.walls import REVIEW_DAYS, Access, Cause, Finding
from app.ui.inbox.ages import DAY_MS, clock_words, counted
from app.ui.shell.problems import problem_of
from app.ui.walls.state import AccessState


def cause_word(cause: Cause) -> str:
    """Why somebody has to get in."""
    return {
        Cause.DANGER: _tr("Danger to somebody's life or health"),
        Cause.DEADLINE: _tr("A deadline that ends"),
        Cause.NOBODY_REACHED: _tr("Whoever is responsible cannot be reached"),
        Cause.OTHER: _tr("Something else"),
    }[cause]


def role_word(role: Role) -> str:
    """A role, as in the list of the idle lock."""
    return {
        Role.FRONT_DESK: _tr("Front desk"),
        Role.PROFESSIONAL: _tr("Professional"),
        Role.ADMINISTRATOR: _tr("Administrator"),
        Role.AUDITOR: _tr("Auditor"),
        Role.IT: _tr("IT"),
    }[role]


def headline(state: AccessState) -> str:
    """Whether somebody has to look at something."""
    if state.is_loaded and state.open_reviews:
        accesses = counted(state.open_reviews, _tr("emergency access"), _tr("emergency accesses"))
        return _tr("{accesses} to be reviewed").format(accesses=accesses)
    return _tr("No emergency access waits for a review")


def access_title(access: Access, state: AccessState) -> str:
    """Who got in, and with whom."""
    return _tr("{asker}, confirmed by {confirmer}").format(
        asker=_name(access.asked_by, state), confirmer=_name(access.confirmed_by, state)
    )


def access_detail(access: Access, state: AccessState, now_ms: int) -> str:
    """When, for how long, why, and what the review said."""
    minutes = max(1, round((access.over_ms - access.opened_ms) / 60_000))
    parts = [
        f"{clock_words(access.opened_ms, now_ms)} · {_tr('{count} min').format(count=minutes)}",
        _tr("conversation …{end}").format(end=access.conversation_id[-6:]),
        cause_word(access.cause),
        f"“{access.reason}”",
    ]
    if access.finding is None:
        days = (now_ms - access.opened_ms) // DAY_MS
        parts.append(
            _tr("not reviewed for {days}").format(days=counted(days, _tr("day"), _tr("days")))
            if days > REVIEW_DAYS
            else _tr("not reviewed yet")
        )
    else:
        found = _tr("justified") if access.finding is Finding.JUSTIFIED else _tr("not justified")
        parts.append(
            _tr("reviewed by {name}: {found}").format(name=_name(access.reviewed_by, state), found=found)
            + (f" “{access.note}”" if access.note else "")
        )
    return "  ·  ".join(parts)


def is_late(access: Access, now_ms: int) -> bool:
    """Whether nobody has judged it in the time that there is for it."""
    return access.finding is None and now_ms - access.opened_ms > REVIEW_DAYS * DAY_MS


def idle_word(seconds: int) -> str:
    """A time of the idle lock."""
    if seconds % 60:
        return _tr("{count} seconds").format(count=seconds)
    return counted(seconds // 60, _tr("minute"), _tr("minutes"))


def refusal_words(error: Exception) -> str:
    """Why nothing was opened, set or noted."""
    code = str(getattr(error, "code", ""))
    words = _refusals().get(code)
    if words is not None:
        return words
    left_ms = getattr(error, "left_ms", None)
    if left_ms is not None:
        return _tr("Too many wrong tries. Wait {seconds} seconds.").format(seconds=-(-int(left_ms) // 1000))
    problem = problem_of(error)
    return f"{problem.title}. {problem.text}"


def _refusals() -> dict[str, str]:
    return {
        "wall_nobody_named": _tr("Name at least one person."),
        "wall_never_a_message": _tr("Auditors and IT never see a message, and cannot be within."),
        "wall_only_borrowed": _tr("Emergency access does not move the wall. Whoever is within does."),
        "wall_none": _tr("There is no wall round this conversation."),
        "access_yourself": _tr("The second person is somebody else."),
        "access_not_within": _tr("They are within no wall round somebody of this name. Ask whoever is responsible."),
        "access_no_reason": _tr("Say in a sentence why."),
        "access_long_reason": _tr("Say it in fewer words."),
        "access_no_such": _tr("This access is over."),
        "access_took_part": _tr("Who asked or confirmed does not review it. Another administrator does."),
        "access_reviewed": _tr("Somebody has reviewed it already."),
        "wrong_password": _tr("This is not their password."),
        "wrong_code": _tr("The password or the code is not right."),
        "second_missing": _tr("The key stick of the second person is not plugged in."),
    }


def _name(person_id: PersonId | None, state: AccessState) -> str:
    return state.names.get(person_id or "", "") or _tr("somebody who has left")


def _tr(text: str) -> str:
    return QCoreApplication.translate("walls", text)
