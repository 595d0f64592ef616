"""What the answers' page knows: the answer that is open, and what was read last. No Qt."""

from dataclasses import dataclass

from app.domain.ids import ArticleId
from app.domain.proposal import Article
from app.services.answers.form import AnswerForm, form_of
from app.services.answers.service import Answer, AnswerList


@dataclass(frozen=True, slots=True)
class OpenAnswer:
    """What the editor shows: the answer as it is approved (None while it is new) and the form that is written on."""

    answer: Answer | None
    form: AnswerForm

    @property
    def is_changed(self) -> bool:
        """Whether the form differs from what is approved."""
        return self.form != form_of(self.answer.article) if self.answer is not None else not self.form.is_empty

    @property
    def is_withdrawn(self) -> bool:
        """Whether the answer is out of use."""
        return self.answer is not None and self.answer.is_withdrawn


@dataclass(frozen=True, slots=True)
class AnswersRead:
    """The answers of the store and the texts that were never saved, read in one go."""

    answers: AnswerList
    unsaved: dict[ArticleId, AnswerForm]


def typed_only(form: AnswerForm) -> Answer:
    """A text that was typed and never saved, as a row of the list."""
    article = Article(form.article_id, form.title, form.body, None, short_code=form.short_code)
    return Answer(article, has_unsaved=True, is_new=True)
