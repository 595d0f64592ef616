"""One practice for a file of tests: a real console, a real gateway, and Chromium for whoever is invited."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from app.domain.ids import ArticleId
from app.domain.proposal import Article
from tests.browser.offering import pytest_configure
from tests.support.channel_practice import Practice, practice
from tests.support.patient_page import PatientPage

__all__ = ["pytest_configure"]

HOURS = Article(
    ArticleId("opening-hours"),
    "Opening hours",
    "The practice is open from 8:00 to 18:00, Monday to Friday.",
    date(2026, 1, 5),
)

Welcome = Callable[..., PatientPage]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """A practice whose channel is on; its tests invite people of their own."""
    with practice(tmp_path_factory.mktemp("practice")) as made:
        made.console.ask("desk.conversations.approve_article", HOURS)
        yield made


@pytest.fixture
def welcome(office: Practice, visitors) -> Welcome:
    """Invite somebody and bring them past the notice: ``welcome("Ada Quill")`` → their page."""

    def bring(name: str = "Ada Quill", *, language: str = "en", assistant: bool = True, **browser) -> PatientPage:
        invite = office.invite(name, language)
        page = PatientPage(visitors(**browser), invite.link, language)
        page.invite = invite
        page.agree(assistant=assistant)
        return page

    return bring
