"""The one place where a drafter is put together: console, ``vestibule draft`` and the driving test draft alike."""

from collections.abc import Callable, Sequence
from datetime import date

from app.domain.proposal import Article
from app.knowledge import PassageIndex
from app.knowledge.encoded import AnySecondModel
from app.services.conversations.phrases import Phrases
from app.services.drafting.drafter import Drafter
from app.services.ports import FramedModel


def make_drafter(
    articles: Sequence[Article],
    model: FramedModel,
    phrases: Phrases,
    *,
    today: Callable[[], date] = date.today,
    second: AnySecondModel | None = None,
) -> Drafter:
    """Return a drafter that knows these approved answers and asks this model.

    Args:
        articles: of an office or of a folder.
        model: a worker; one of the catalogue knows which tasks it was taught.
        phrases: the fixed replies of the office.
        today: answers that are not valid on this day are not offered.
        second: an embedding model of the office; it helps to order what is found once it has read all answers.
    """
    index = PassageIndex(articles, today=today, second=second)
    if index.encoded is not None:
        index.encoded.encode_in_background()
    return Drafter(index, model, phrases, frame=model.frame)
