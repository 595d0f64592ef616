"""The words of facts: what it is, where it comes from, what to do when it comes from nowhere."""

from PySide6.QtCore import QCoreApplication

from app.domain.facts import FactKind, FactMark
from app.domain.proposal import SourceRef
from app.ui.components.untrusted import readable_line

_MAX_FACT_CHARS = 80


def source_of(fact: FactMark, sources: tuple[SourceRef, ...]) -> SourceRef | None:
    """The source that holds the fact."""
    return next((source for source in sources if source.number == fact.source_number), None)


def kind_word(kind: FactKind) -> str:
    """What sort of fact it is, in one or two words."""
    return {
        FactKind.EMAIL: _tr("Address"),
        FactKind.URL: _tr("Web address"),
        FactKind.AMOUNT: _tr("Amount"),
        FactKind.PERCENT: _tr("Percentage"),
        FactKind.TIME: _tr("Time"),
        FactKind.DATE: _tr("Date"),
        FactKind.WEEKDAY: _tr("Day"),
        FactKind.PHONE: _tr("Phone number"),
        FactKind.NUMBER: _tr("Number"),
        FactKind.NAME: _tr("Name"),
        FactKind.NEGATION: _tr("Yes or no"),
        FactKind.WORDING: _tr("Wording"),
    }[kind]


def chip_name(text: str, fact: FactMark, sources: tuple[SourceRef, ...]) -> str:
    """What a screen reader says of a chip: "17:00, from source 1: Opening hours"."""
    words = readable_line(text[fact.start : fact.end], _MAX_FACT_CHARS)
    source = source_of(fact, sources)
    if source is None:
        return _tr("{words}, unsupported: {why}").format(words=words, why=why_unsupported(fact.kind))
    return _tr("{words}, from source {number}: {title}").format(
        words=words, number=source.number, title=readable_line(source.title, _MAX_FACT_CHARS)
    )


def why_unsupported(kind: FactKind) -> str:
    """What is wrong with a fact that no source holds."""
    known = {
        FactKind.NEGATION: _tr("its source says the opposite, or does not say it"),
        FactKind.WORDING: _tr("its source does not speak of this"),
    }
    return known.get(kind, _tr("it stands in no source"))


def what_to_do(kind: FactKind) -> str:
    """How a person goes on with an unsupported fact."""
    return {
        FactKind.NEGATION: _tr("Read the source beside it. Edit the sentence, or check it when it is right."),
        FactKind.WORDING: _tr("Read the sentence once more. Edit it, or check it when it is right."),
    }.get(kind, _tr("Compare it with what the office knows. Edit it, or check it when it is right."))


def _tr(text: str) -> str:
    return QCoreApplication.translate("facts", text)
