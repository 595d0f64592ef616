"""What this page says when something could not be done: what happened, and that nothing has left."""

from enum import Enum

from PySide6.QtCore import QCoreApplication

from app.services.anonymising.anonymiser import NOT_HERE
from app.services.errors import InvalidRuleError, NotYoursError
from app.ui.anonymise.words import rule_fault_words
from app.ui.shell.problems import problem_of

_NOT_HERE = frozenset(code.value for code in NOT_HERE)
_OF_THE_VAULT = frozenset({"disk_full", "disk_failed", "vault_damaged", "no_such_conversation"})


def problem_words(error: Exception) -> tuple[str, str]:
    """Return title and text for an error of the anonymiser, the rules or the vault."""
    if isinstance(error, InvalidRuleError):
        return _tr("The rule was not taken"), rule_fault_words(error.fault)
    if isinstance(error, NotYoursError):
        return (
            _tr("That takes a professional or an administrator"),
            _tr("Everybody at the desk may have more found. To let through what is known takes who answers for it."),
        )
    code = getattr(error, "code", "")
    code = str(code.value if isinstance(code, Enum) else code) or type(error).__name__
    if code in _OF_THE_VAULT:
        problem = problem_of(error)
        return problem.title, problem.text
    if code not in _NOT_HERE:
        return (
            _tr("It could not be worked out what would leave"),
            _tr("Nothing has left. Try again; if it happens again, tell your administrator: {code}.").format(code=code),
        )
    return (
        _tr("The anonymiser is not available here"),
        _tr("So it cannot be said what would leave, and nothing leaves. Try again, or tell your administrator: {code}.")
        .format(code=code),
    )  # fmt: skip


def _tr(text: str) -> str:
    return QCoreApplication.translate("anonymise", text)
