"""The words of proposals: what was found, what was not, what to watch for. Codes come in, sentences go out.

Never a percentage of confidence, never "AI says" (product conventions §4.2): staff read a number as correctness.
"""

from PySide6.QtCore import QCoreApplication

from app.domain.proposal import ProposalWarning, Sentence, SourceRef, cited_sources
from app.ui.components.untrusted import readable_line
from app.ui.composer.settling import ANSWER_CHANGED
from app.ui.composer.state import Phase, ProposalState
from app.ui.inbox.ages import counted

_ABOUT_THE_DRAFT = frozenset({ProposalWarning.UNSOURCED_SENTENCE, ProposalWarning.UNSUPPORTED_FACT})


def headline(state: ProposalState) -> str:
    """The first line of the proposal's frame."""
    if state.phase is Phase.READY:
        parts = [_tr("Draft ready"), word_count(state.text), source_count(state), fact_count(state)]
        return " · ".join(part for part in parts if part)
    if state.problem == ANSWER_CHANGED:
        return _tr("The approved answer changed since")
    return {
        Phase.PREPARING: _tr("Looking for approved answers…"),
        Phase.STREAMING: _tr("Writing from {sources}").format(sources=source_count(state)),
        Phase.STOPPED: _tr("Stopped · {words} kept").format(words=word_count(state.text)),
        Phase.HAND_OVER: _tr("No approved answer covers this"),
        Phase.URGENT: _tr("This may be an emergency"),
        Phase.REFUSED: _tr("This is not for the front desk to answer"),
        Phase.STALE: _tr("Something new came in"),
        Phase.FAILED: _tr("No proposal this time"),
    }.get(state.phase, "")


def explanation(state: ProposalState) -> str:
    """The second line: what to do with it, or what the sources are."""
    if state.phase in {Phase.READY, Phase.STREAMING} and state.sources:
        titles = ", ".join(_titles(state.sources))
        if state.phase is Phase.READY and is_word_for_word(state):
            return _tr("The approved answer, word for word: {titles}").format(titles=titles)
        return _tr("Proposed from: {titles}").format(titles=titles)
    if state.phase is Phase.FAILED:
        return problem_words(state.problem)
    if state.problem == ANSWER_CHANGED:
        return _changed_words(state)
    return {
        Phase.HAND_OVER: _tr("A holding reply is proposed. Somebody who knows should answer."),
        Phase.URGENT: _tr("Act first: the fixed emergency words are below. Nothing else was written."),
        Phase.REFUSED: _tr("The fixed reply is proposed. Hand it to somebody who may answer."),
        Phase.STALE: _tr("The draft was set aside. Read the new message, then propose again with D."),
        Phase.STOPPED: _tr("Unfinished text cannot be sent as it is. Edit it, or propose again."),
        Phase.READY: _tr("No source stands behind this text."),
    }.get(state.phase, "")


def _changed_words(state: ProposalState) -> str:
    """What to do when the answer behind a proposal, or behind the text in the editor, changed."""
    if not state.text:
        return _tr("Your text began from the old one. Check it against the answer as it is now before you send it.")
    titles = ", ".join(_titles(state.sources))
    return _tr("This draft rests on the old one: {titles}. Propose again with D.").format(titles=titles)


def problem_words(code: str) -> str:
    """Why there is no proposal, and what still works."""
    known = {
        "no_consent": _tr("They talk without the assistant: a person writes this one."),
        "no_model": _tr("The model is not running. You can write the reply yourself."),
        "model_failed": _tr(
            "The model stopped and is being started again. Your own text is untouched. Try again with D."
        ),
        "too_long": _tr("The conversation is too long for the model. Please write this reply yourself."),
        "nothing_to_answer": _tr("No message waits for a reply here."),
        "not_stored": _tr("The proposal could not be stored, so it is not shown. Nothing else was lost."),
    }
    return known.get(code, _tr("The proposal did not come about. Your own text is untouched. Try again with D."))


def warning_words(state: ProposalState) -> tuple[str, ...]:
    """Everything to watch for before approving, in whole sentences."""
    if state.proposal is None or state.phase is Phase.STALE:
        return ()
    unsourced = unsourced_count(state.proposal.sentences)
    has_marks = bool(state.facts)
    words = {
        ProposalWarning.UNSOURCED_SENTENCE: _tr("{sentences} without a source: dotted in the text.").format(
            sentences=counted(max(1, unsourced), _tr("sentence"), _tr("sentences"))
        ),
        ProposalWarning.UNKNOWN_SOURCE_NUMBER: _tr("A source was named that does not exist; the mark was removed."),
        ProposalWarning.UNSUPPORTED_FACT: _tr("A date, number or name stands in no source. Check every figure."),
        ProposalWarning.INTERNAL_SOURCE: _tr("A source is for the office only. Do not pass its wording on."),
        ProposalWarning.STOPPED_EARLY: _tr("The text ends early."),
    }
    given = dict.fromkeys(state.proposal.warnings)
    if is_word_for_word(state):
        # The other two are about the draft that did not hold up, not about the text that is shown.
        given = {warning: None for warning in given if warning not in _ABOUT_THE_DRAFT}
    if not unsourced:
        given.pop(ProposalWarning.UNSOURCED_SENTENCE, None)
    if has_marks:
        # The marks say it better than the warning, and know what was checked.
        given.pop(ProposalWarning.UNSUPPORTED_FACT, None)
    unread = (unread_words(state),) if state.unread else ()
    return (*unread, *(words[warning] for warning in given if warning in words))


def is_word_for_word(state: ProposalState) -> bool:
    """True when the text is the approved answer itself."""
    return state.proposal is not None and ProposalWarning.FELL_BACK_TO_ANSWER in state.proposal.warnings


def unread_words(state: ProposalState) -> str:
    """What keeps the text from being approved."""
    count = len(state.unread)
    if count == 1:
        return _tr("1 fact stands in no source: read and check it (F, then Space) before this is sent.")
    return _tr("{count} facts stand in no source: read and check them (F, then Space) before this is sent.").format(
        count=count
    )


def not_approved_words(state: ProposalState) -> str:
    """Why nothing was sent, and what to do."""
    fact = state.facts[state.unread[0]] if state.unread else None
    words = readable_line(state.text[fact.start : fact.end], 40) if fact is not None else ""
    return _tr("Not sent: “{words}” was not checked. Space when it is right, Ctrl+E to change it.").format(words=words)


def fact_count(state: ProposalState) -> str:
    """How many facts nobody has checked yet; nothing where there is no fact."""
    if not state.facts:
        return ""
    if not state.to_check:
        return _tr("every fact checked")
    return counted(len(state.to_check), _tr("fact to check"), _tr("facts to check"))


def announcement(state: ProposalState) -> str:
    """The one sentence that a screen reader hears when a proposal has ended."""
    parts = [headline(state), explanation(state), *warning_words(state)]
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


def word_count(text: str) -> str:
    """How many words, with their noun: "1 word", "62 words"."""
    return counted(len(text.split()), _tr("word"), _tr("words"))


def source_count(state: ProposalState) -> str:
    """How many sources the text names, or were found while it is being written."""
    cited = len(cited_sources(state.proposal.sentences)) if state.proposal else len(state.sources)
    return counted(cited, _tr("source"), _tr("sources")) if cited else _tr("no source")


def unsourced_count(sentences: tuple[Sentence, ...]) -> int:
    """How many sentences name no source."""
    return sum(not sentence.source_numbers for sentence in sentences)


def discard_reasons() -> tuple[str, ...]:
    """Reasons to throw a proposal away; they are recorded, so they are few and plain."""
    return (
        _tr("It is wrong"),
        _tr("It does not answer the question"),
        _tr("Something is missing"),
        _tr("The tone is not right"),
        _tr("I write it myself"),
    )


def _titles(sources: tuple[SourceRef, ...]) -> list[str]:
    titles = dict.fromkeys((readable_line(source.title, 60), source.approved_on) for source in sources)
    return [
        title
        if approved_on is None
        else _tr("{title} (approved {day})").format(title=title, day=f"{approved_on:%-d %b}")
        for title, approved_on in titles
    ]


def _tr(text: str) -> str:
    return QCoreApplication.translate("composer", text)
