"""Errors as a person reads them: what happened, and what became of their text. Only codes come in, never content."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication


@dataclass(frozen=True, slots=True)
class Problem:
    """Title and text of a calm banner."""

    title: str
    text: str


def problem_of(error: Exception) -> Problem:
    """Return the words for an error of a service or the store."""
    code = str(getattr(error, "code", "")) or type(error).__name__
    words = _words().get(code)
    if words is not None:
        return words
    return Problem(
        _tr("This could not be done"),
        _tr("Your text is still here and was not sent. If it happens again, tell your administrator: {code}.").format(
            code=code
        ),
    )


def _words() -> dict[str, Problem]:
    return {
        "disk_full": _kept(
            _tr("The disk is full"),
            _tr("Free some space, then lock the console and unlock it: nothing is stored before."),
        ),
        "disk_failed": _kept(_tr("The disk does not answer"), _tr("Call the person who looks after this machine.")),
        "vault_damaged": _kept(
            _tr("The vault reports damage"), _tr("Lock the console and call the person who looks after it.")
        ),
        "text_empty": _kept(_tr("There is nothing in it"), ""),
        "text_too_long": _kept(_tr("This text is too long for one message"), _tr("Please split it.")),
        "text_has_nul": _kept(_tr("This text holds signs that cannot be stored"), _tr("Please type the place again.")),
        "text_has_surrogate": _kept(
            _tr("This text holds signs that cannot be stored"), _tr("Please type the place again.")
        ),
        "name_empty": Problem(_tr("The name is missing"), _tr("Nothing is stored yet.")),
        "name_too_long": Problem(_tr("The name is too long"), _tr("Nothing is stored yet.")),
        "time_has_passed": Problem(_tr("This time has passed"), _tr("Nothing was changed.")),
        "no_such_conversation": Problem(_tr("This conversation is not here any more"), _tr("It may have been erased.")),
        "no_such_answer": Problem(_tr("This answer is not here any more"), _tr("Nothing was changed.")),
        "answers_not_yours": Problem(
            _tr("Approved answers are changed by somebody else here"), _tr("You may read them; nothing was changed.")
        ),
        "never_a_message": Problem(
            _tr("Your role never sees a message"),
            _tr("Nobody handed you a key to one. Controls, counts and reports are under Office (Ctrl+7)."),
        ),
        "takes_administrator": _not_yours(_tr("an administrator")),
        "takes_professional": _not_yours(_tr("a professional or an administrator")),
        "takes_auditor": _not_yours(_tr("an auditor or an administrator")),
        "takes_it": _not_yours(_tr("IT or an administrator")),
        "channel_no_consent": Problem(
            _tr("The visitor keeps the model out of this conversation"), _tr("No model read it. Nothing was changed.")
        ),
        "channel_has_ended": _kept(_tr("This conversation has ended"), _tr("A new invitation begins another.")),
        "already_sent": Problem(_tr("It has already been sent"), _tr("The reply left before it could be taken back.")),
    }


def _not_yours(who: str) -> Problem:
    """What the role of the person does not allow."""
    return Problem(
        _tr("This takes {who}").format(who=who), _tr("Your role does not have this right. Nothing was changed.")
    )


def _kept(title: str, advice: str) -> Problem:
    """A problem after which the person's text is where they left it."""
    return Problem(title, _tr("Nothing was sent; your text is kept as a draft. {advice}").format(advice=advice).strip())


def _tr(text: str) -> str:
    return QCoreApplication.translate("problems", text)
