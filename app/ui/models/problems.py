"""Why something with a model could not be done, as a person reads it; the model in use goes on in every case."""

from PySide6.QtCore import QCoreApplication

from app.services.models.errors import ModelError, ModelFault
from app.ui.models.words import size_words

_MEMORY_CODES = frozenset({"context_refused"})


def problem_words(error: Exception) -> tuple[str, str]:
    """Return title and text for an error."""
    if isinstance(error, ModelError):
        if error.code is ModelFault.NO_MEMORY and "/" in error.detail:
            needed, free = (int(number) for number in error.detail.split("/"))
            return _tr("Too little memory"), _tr(
                "It needs about {needed}, this machine has {free} free. The model stays here and is not used."
            ).format(needed=size_words(needed), free=size_words(free))
        found = _words().get(error.code)
        if found is not None:
            return found[0], found[1].format(detail=error.detail)
    code = str(getattr(getattr(error, "code", None), "value", "") or type(error).__name__)
    return _tr("This could not be done"), _tr("Nothing was changed ({code}).").format(code=code)


def skipped_words(code: str) -> str:
    """Why a model was passed over, for a code of the keeper or of the worker."""
    words = {
        "unknown_model": _tr("it is not on this machine"),
        "changed": _tr("its file is not what its passport says"),
        "refused": _tr("its file is damaged"),
        "no_memory": _tr("there is too little memory for it now"),
        "context_refused": _tr("there is too little memory for it now"),
        "model_refused": _tr("the model engine cannot read its file"),
        "crashed_repeatedly": _tr("it crashed several times in a row"),
        "engine_missing": _tr("the model engine is not installed"),
    }
    return words.get(code, _tr("it cannot run here ({code})").format(code=code))


def _words() -> dict[ModelFault, tuple[str, str]]:
    unchanged = _tr("Nothing was changed.")
    return {
        ModelFault.UNKNOWN: (_tr("This model is not here any more"), unchanged),
        ModelFault.EXISTS: (_tr("This name is taken"), _tr("Please choose another name.")),
        ModelFault.DUPLICATE: (_tr("This file is here already"), _tr("It is the model {detail}.")),
        ModelFault.BAD_NAME: (
            _tr("This name cannot be used"),
            _tr("Small letters, digits, dots, dashes and underscores, please."),
        ),
        ModelFault.UNKNOWN_TEMPLATE: (_tr("Its family is not known"), unchanged),
        ModelFault.LICENCE_UNKNOWN: (
            _tr("The file names no licence"),
            _tr("Write down under which licence this office may use it."),
        ),
        ModelFault.NOT_A_FILE: (_tr("This is not a file that can be read"), unchanged),
        ModelFault.REFUSED: (
            _tr("This is not a model file that may be loaded"),
            _tr("Its header was refused ({detail}). The model engine has not seen it, and nothing was changed."),
        ),
        ModelFault.CANNOT_RUN: (
            _tr("The model engine cannot run this file"),
            _tr("It was tried in the confined worker and taken out again ({detail}). Nothing was changed."),
        ),
        ModelFault.CHANGED: (
            _tr("The file is not what its passport says"),
            _tr("Somebody or something changed it. Do not use it; import it again from a source that you trust."),
        ),
        ModelFault.NO_SPACE: (_tr("There is not enough room on the disk"), unchanged),
        ModelFault.COPY_FAILED: (_tr("The disk refused"), unchanged),
        ModelFault.IMPORTING: (_tr("Another import is running"), _tr("Please wait for its end.")),
        ModelFault.SHIPPED: (_tr("This model ships with Vestibule"), _tr("It cannot be removed.")),
        ModelFault.IN_USE: (_tr("This model is in use"), _tr("Use another one first.")),
        ModelFault.PINNED: (
            _tr("The model is set for this machine"),
            _tr("Whoever looks after this machine chose it in the managed settings."),
        ),
        ModelFault.SEARCH_ONLY: (
            _tr("This model finds answers, it writes none"),
            _tr("It helps from the next start on; another model proposes."),
        ),
        ModelFault.NO_PREVIOUS: (_tr("There is no model to go back to"), unchanged),
    }


def _tr(text: str) -> str:
    return QCoreApplication.translate("models", text)
