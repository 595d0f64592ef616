"""The pages of the wizard, in one place, and what connects each of them to the presenter."""

from collections.abc import Iterator
from pathlib import Path

from app.ui.first_run.page import Page
from app.ui.first_run.pages_choose import OfficePage, SectorPage, StartPage, WelcomePage
from app.ui.first_run.pages_end import DonePage, MachinePage, TryOutPage
from app.ui.first_run.pages_recovery import CodeCheckPage, CodePage
from app.ui.first_run.pages_vault import CreatingPage, PersonPage
from app.ui.first_run.presenter import CodeCheck, FirstRunPresenter
from app.ui.first_run.steps import Step


class Pages:
    """Every page by its own type; made once, shown in turn."""

    def __init__(self, presenter: FirstRunPresenter, vault_dir: Path) -> None:
        self.welcome = WelcomePage(vault_dir)
        self.sector = SectorPage()
        self.start = StartPage()
        self.office = OfficePage()
        self.person = PersonPage(presenter.judge_password)
        self.creating = CreatingPage()
        self.code = CodePage()
        self.code_check = CodeCheckPage()
        self.machine = MachinePage()
        self.try_out = TryOutPage()
        self.done = DonePage(vault_dir)
        self._by_step: dict[Step, Page] = {step: getattr(self, step.value) for step in Step}
        self._connect(presenter)

    def __iter__(self) -> Iterator[Page]:
        return iter(self._by_step.values())

    def at(self, step: Step) -> Page:
        """Return the page of a step."""
        return self._by_step[step]

    def _connect(self, presenter: FirstRunPresenter) -> None:
        self.sector.chosen.connect(presenter.choose_sector)
        self.start.chosen.connect(presenter.choose_start)
        self.office.named.connect(presenter.name_office)
        self.code.start_over_wanted.connect(presenter.start_over)
        self.code_check.check_wanted.connect(presenter.check_code)
        self.try_out.again_wanted.connect(presenter.try_again)
        self.try_out.stop_wanted.connect(presenter.stop_try_out)
        presenter.creation_moved.connect(self.creating.show_stage)
        presenter.creation_refused.connect(self.person.show_refusal)
        presenter.code_checked.connect(self._on_code_checked)
        presenter.machine_inspected.connect(self.machine.show_findings)
        presenter.try_out_changed.connect(self.try_out.show_view)

    def _on_code_checked(self, check: CodeCheck) -> None:
        self.code_check.show_outcome(check.refusal)
