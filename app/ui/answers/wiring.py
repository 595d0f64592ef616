"""Which wish of the answers' page becomes which call, and which result is shown where."""

from collections.abc import Callable

from app.domain.ids import ArticleId, ConversationId
from app.domain.proposal import Article
from app.ui.answers.page import AnswersPage
from app.ui.answers.presenter import AnswersPresenter
from app.ui.answers.state import OpenAnswer
from app.ui.answers.words import review_words
from app.ui.components import readable_line

OpenConversation = Callable[[ConversationId], None]


def make_page(
    presenter: AnswersPresenter, open_conversation: OpenConversation, say: Callable[[str], None]
) -> AnswersPage:
    """Return the page, wired to its presenter; ``say`` tells the person what was done."""
    page = AnswersPage(lambda: presenter.service.today)
    _connect_list(page, presenter)
    _connect_editor(page, presenter, say)
    _connect_background(page, presenter, open_conversation)
    if presenter.answers is not None:
        page.show_list(presenter.answers)
    page.show_open(presenter.open)
    return page


def _connect_list(page: AnswersPage, presenter: AnswersPresenter) -> None:
    pane = page.list_pane
    page.entered.connect(presenter.refresh)
    page.settling.connect(presenter.flush)
    presenter.listed.connect(page.show_list)
    presenter.listed.connect(lambda _list: pane.select(presenter.open.form.article_id if presenter.open else None))
    pane.answer_chosen.connect(lambda article_id: presenter.choose(ArticleId(article_id)))
    pane.new_wanted.connect(presenter.begin_new)


def _connect_editor(page: AnswersPage, presenter: AnswersPresenter, say: Callable[[str], None]) -> None:
    editor = page.editor

    def show(opened: OpenAnswer | None) -> None:
        page.show_open(opened)
        if opened is not None and opened.answer is None:
            page.write()

    def tell(article: Article) -> None:
        review = review_words(article, presenter.service.today)
        words = page.tr("Approved and saved: {title}").format(title=readable_line(article.title, 60))
        words = f"{words} · {review}" if review else words
        say(words)

    presenter.shown.connect(show)
    presenter.state_changed.connect(editor.show_state)
    presenter.refused.connect(editor.show_refusal)
    presenter.saved.connect(tell)
    editor.edited.connect(presenter.edited)
    editor.foot.save_wanted.connect(presenter.save)
    editor.foot.discard_wanted.connect(presenter.discard_changes)
    editor.foot.duplicate_wanted.connect(presenter.duplicate)
    editor.foot.withdraw_wanted.connect(presenter.withdraw)
    editor.foot.restore_wanted.connect(presenter.restore)


def _connect_background(page: AnswersPage, presenter: AnswersPresenter, open_conversation: OpenConversation) -> None:
    pane = page.editor.background
    presenter.uses_ready.connect(pane.show_uses)
    presenter.history_ready.connect(pane.show_history)
    pane.conversation_wanted.connect(lambda cid: open_conversation(ConversationId(cid)))
    pane.version_wanted.connect(presenter.use_version)
