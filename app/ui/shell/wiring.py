"""Which wish of a view becomes which call, and which result is shown where: one function per relation."""

from collections.abc import Sequence

from app.domain.conversation import ComposerTab, SearchHit, Urgency
from app.domain.ids import ConversationId
from app.domain.proposal import SourceRef
from app.ui.components import Tone, announce
from app.ui.composer.state import ProposalState
from app.ui.composer.words import announcement, not_approved_words
from app.ui.shell.pages import PageId
from app.ui.shell.presenters import DeskPresenters
from app.ui.shell.problems import problem_of
from app.ui.shell.steps import Step, StepKeeper
from app.ui.shell.window import MainWindow, Pane
from app.ui.thread.presenter import OpenThread

REPAIR_SECONDS = 30.0
PROBLEM_SECONDS = 12.0
"""How long a problem is said on a page that has no banner of its own."""


def connect_inbox(window: MainWindow, desk: DeskPresenters) -> None:
    """Rail and list."""
    inbox, pane = desk.inbox, window.inbox
    inbox.state_changed.connect(window.rail.show_state)
    inbox.state_changed.connect(pane.show_state)
    inbox.rows_refreshed.connect(lambda: pane.select(desk.conversation.open_id))
    window.rail.entry_wanted.connect(inbox.show)
    pane.entry_wanted.connect(inbox.show)
    pane.conversation_chosen.connect(desk.conversation.open)
    pane.reading_wanted.connect(lambda: window.focus_pane(Pane.COMPOSER))
    pane.search_wanted.connect(window.search.open)
    pane.new_wanted.connect(window.new_conversation.open)


def connect_thread(window: MainWindow, desk: DeskPresenters) -> None:
    """The page, its head and the details."""
    thread = desk.conversation

    def show(opened: OpenThread) -> None:
        window.conversation.show_thread(opened)
        window.context.show_thread(opened.thread)
        window.composer.show_name(opened.thread.contact_name)
        window.composer.show_emergency(opened.thread.urgency is Urgency.EMERGENCY)
        window.inbox.select(opened.thread.conversation_id)
        if opened.is_fresh:
            window.conversation.banner.hide()
            tab = (
                ComposerTab.NOTE if opened.thread.unsent_note and not opened.thread.unsent_reply else ComposerTab.REPLY
            )
            window.composer.show_tab(tab)

    thread.thread_ready.connect(show)
    thread.closed.connect(window.conversation.show_nothing)
    thread.failed.connect(lambda error: show_problem(window, error))
    window.conversation.back_wanted.connect(lambda: window.focus_pane(Pane.LIST))
    window.conversation.details_wanted.connect(window.toggle_context)
    window.conversation.find_bar.closed.connect(lambda: window.focus_pane(Pane.THREAD))


def connect_composer(window: MainWindow, desk: DeskPresenters) -> None:
    """Texts and proposals."""
    composer, pane, frame = desk.composer, window.composer, window.composer.proposal
    composer.text_replaced.connect(pane.show_texts)
    composer.proposal_changed.connect(pane.show_proposal)
    composer.proposal_changed.connect(window.context.show_proposal)
    composer.proposal_ended.connect(lambda state: _tell(window, state))
    composer.editing_started.connect(lambda: pane.show_tab(ComposerTab.REPLY, with_focus=True))
    composer.refused.connect(
        lambda: window.toast.show_message(window.tr("An emergency: drafting is left to people. Call them now."))
    )
    composer.failed.connect(lambda error: show_problem(window, error))
    pane.edited.connect(composer.edited)
    pane.propose_wanted.connect(composer.propose)
    actions = frame.action_row
    actions.approve_wanted.connect(composer.approve)
    actions.edit_wanted.connect(composer.edit)
    actions.regenerate_wanted.connect(composer.propose)
    actions.back_wanted.connect(composer.go_back)
    actions.stop_wanted.connect(composer.stop)
    actions.discard_wanted.connect(window.discard.open)
    frame.text.check_wanted.connect(composer.check)
    frame.text.fact_shown.connect(window.context.show_fact)
    composer.unread_found.connect(lambda place: _show_unread(window, composer.state, place))
    composer.unchanged_found.connect(lambda: _say_unchanged(window))
    window.discard.reason_given.connect(composer.discard)
    frame.source_wanted.connect(lambda number: _open_number(window, composer.state.sources, number))
    window.context.source_opened.connect(window.passage.show_source)


def connect_steps(window: MainWindow, steps: StepKeeper) -> None:
    """The toast with its countdown."""

    def show(step: Step) -> None:
        window.toast.show_undo(step.words, steps.remaining_ms(step) / 1000)

    def show_again(_page: PageId) -> None:
        if steps.last is not None:
            show(steps.last)

    steps.step_shown.connect(show)
    window.page_changed.connect(show_again)
    steps.emptied.connect(window.toast.dismiss)
    window.toast.undone.connect(steps.undo_last)


def connect_search(window: MainWindow, desk: DeskPresenters) -> None:
    """Words to the store, hits to the sheet, an opened hit to the thread."""
    sheet, search = window.search, desk.search

    def open_hit(hit: SearchHit) -> None:
        desk.conversation.open(hit.conversation_id, hit.event_id)
        window.focus_pane(Pane.THREAD)

    sheet.hit_opened.connect(open_hit)
    sheet.question_changed.connect(search.ask)
    search.hits_ready.connect(sheet.show_hits)
    search.failed.connect(lambda _error: sheet.show_failure())


def connect_new_conversation(window: MainWindow, desk: DeskPresenters) -> None:
    """The sheet for calls, walk-ins and pasted texts."""
    sheet = window.new_conversation

    def failed(error: Exception) -> None:
        problem = problem_of(error)
        sheet.show_problem(problem.title, problem.text)

    def started(conversation_id: ConversationId) -> None:
        sheet.stored()
        desk.conversation.open(conversation_id)
        window.focus_pane(Pane.THREAD)

    def add(words: str) -> None:
        if desk.conversation.open_id is not None:
            desk.receive(desk.conversation.open_id, words)

    sheet.start_wanted.connect(desk.start_conversation)
    sheet.more_wanted.connect(add)
    desk.started.connect(started)
    desk.start_failed.connect(failed)


def show_problem(window: MainWindow, error: Exception) -> None:
    """A calm banner above the thread: what happened, and what became of the text."""
    problem = problem_of(error)
    window.conversation.banner.show_words(Tone.CAUTION, problem.title, problem.text, window.tr("Understood"))
    window.conversation.banner.show()
    if window.page_id is not PageId.INBOX:
        window.toast.show_message(f"{problem.title}. {problem.text}", PROBLEM_SECONDS)
    announce(window, f"{problem.title}. {problem.text}", is_urgent=True)


def tell_repairs(window: MainWindow, file_names: Sequence[str]) -> None:
    """Say which files were found damaged while opening and were made good; nothing where there were none."""
    if not file_names:
        return
    title = window.tr("Damaged files were made good")
    text = window.tr(
        "{files}: from a second copy, or built anew. Nothing is missing. The disk of this machine may be failing."
    ).format(files=", ".join(dict.fromkeys(file_names)))
    window.conversation.banner.show_words(Tone.CAUTION, title, text, window.tr("Understood"))
    window.conversation.banner.show()
    window.toast.show_message(f"{title}. {text}", REPAIR_SECONDS)
    announce(window, f"{title}. {text}")


def connect_banner(window: MainWindow) -> None:
    """The banner goes when it was read."""
    window.conversation.banner.action_wanted.connect(window.conversation.banner.hide)


def _tell(window: MainWindow, state: ProposalState) -> None:
    """One polite announcement per finished proposal; words are never read out one by one while they arrive."""
    announce(window.composer.proposal, announcement(state))


def _show_unread(window: MainWindow, state: ProposalState, place: int) -> None:
    """Say why nothing was sent, and go to the fact that has to be read first."""
    window.composer.show_tab(ComposerTab.REPLY)
    window.composer.proposal.text.focus_fact(place)
    words = not_approved_words(state)
    window.composer.proposal.say_refused(words)
    announce(window.composer.proposal, words, is_urgent=True)


def _say_unchanged(window: MainWindow) -> None:
    words = window.tr("Not sent yet: nothing was changed, and a fact stands in no source. Send again to send it so.")
    window.toast.show_message(words)
    announce(window.composer.proposal, words, is_urgent=True)


def _open_number(window: MainWindow, sources: tuple[SourceRef, ...], number: int) -> None:
    source = next((source for source in sources if source.number == number), None)
    if source is not None:
        window.passage.show_source(source)
