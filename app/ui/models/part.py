"""What the models bring to the console: a page, its keys, the import sheet, and the change of the model in use.

Page and sheet are made when they are first needed.
"""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from app.services.models.findings import TestFinding
from app.services.models.keeper import ModelKeeper, Passport
from app.ui.models.presenter import ModelsPresenter, PartsMaker, was_stopped
from app.ui.models.problems import problem_words, skipped_words
from app.ui.models.words import title_of, verdict_words
from app.ui.shell.commander import Commander
from app.ui.shell.commands import CommandId
from app.ui.shell.keymap import KeyMap
from app.ui.shell.model_link import ModelLink
from app.ui.shell.pages import PageId
from app.ui.shell.presenters import DeskPresenters
from app.ui.shell.steps import Step
from app.ui.shell.window import MainWindow

if TYPE_CHECKING:
    from app.ui.models.import_sheet import ModelImportSheet
    from app.ui.models.page import ModelsPage

SAY_SECONDS = 12.0
"""How long something is said that nobody asked for."""


class ModelsPart(QObject):
    """Owns what belongs to the models in one window."""

    def __init__(
        self,
        window: MainWindow,
        desk: DeskPresenters,
        keymap: KeyMap,
        commander: Commander,
        link: ModelLink,
        keeper: ModelKeeper,
        make_parts: PartsMaker,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._keymap = keymap
        self._commander = commander
        self._link = link
        self._is_going_back = False
        self.presenter = ModelsPresenter(
            keeper, make_parts, lambda: link.worker, desk.desk.person.display_name, parent=self
        )
        commander.offer_page(PageId.MODEL, lambda: self.page)
        self._bind_keys()
        self._connect_presenter()
        self._connect_link()

    def close(self) -> None:
        """Stop an import or a test, and end the threads."""
        self.presenter.close()

    @cached_property
    def page(self) -> "ModelsPage":
        """The page, made now if it was not."""
        from app.ui.models.page import ModelsPage  # noqa: PLC0415  needed when it is first shown

        page = ModelsPage()
        page.entered.connect(self.presenter.refresh)
        page.list_pane.import_wanted.connect(self.pick_file)
        page.passport.use_wanted.connect(self.use)
        page.passport.test_wanted.connect(self.presenter.test)
        page.passport.measure_wanted.connect(self.presenter.measure)
        page.passport.stop_wanted.connect(self.presenter.stop)
        page.passport.remove_wanted.connect(self.remove)
        self.presenter.state_changed.connect(page.show_state)
        page.show_state(self.presenter.state)
        return page

    @cached_property
    def import_sheet(self) -> "ModelImportSheet":
        """The sheet for importing a file."""
        from app.ui.models.import_sheet import ModelImportSheet  # noqa: PLC0415  needed when it is opened

        sheet, presenter = ModelImportSheet(self._window.root), self.presenter
        sheet.pick_wanted.connect(self.pick_file)
        sheet.import_wanted.connect(presenter.bring_in)
        sheet.stop_wanted.connect(presenter.stop)
        presenter.previewed.connect(sheet.show_preview)
        presenter.preview_failed.connect(sheet.show_failure)
        presenter.import_progressed.connect(sheet.show_progress)
        presenter.imported.connect(lambda _passport: sheet.finish())
        presenter.import_failed.connect(
            lambda error: sheet.show_stopped() if was_stopped(error) else sheet.show_failure(error)
        )
        self._commander.add_sheet(sheet)
        return sheet

    def pick_file(self) -> None:
        """Ask for a file and look at it."""
        if self.presenter.is_working:
            self._say(self.tr("An import or a test is running. Please wait for its end, or stop it."))
            return
        name, _kind = QFileDialog.getOpenFileName(
            self._window, self.tr("A model file"), "", self.tr("Models (*.gguf);;All files (*)")
        )
        if name:
            self.look_at(Path(name))

    def look_at(self, file: Path) -> None:
        """Open the import sheet on a file."""
        self.import_sheet.show_looking(file)
        self.import_sheet.open()
        self.presenter.look_at(file)

    def use(self, name: str) -> None:
        """Let a model propose from now on."""
        state = self.presenter.state
        if not name or name == state.running or state.is_switching:
            return
        self.presenter.show_switching(is_switching=True)
        self._link.use(name)

    def remove(self, name: str) -> None:
        """Remove a model, with time to take it back."""
        passport = self.presenter.state.find(name)
        if passport is None or passport.entry.is_shipped or name == self.presenter.state.chosen:
            return
        self.presenter.hide(name)
        words = self.tr("{name} leaves this machine").format(name=title_of(passport.entry))
        self._desk.steps.take(Step(words, lambda: self.presenter.show_again(name), lambda: self.presenter.remove(name)))

    # -- private -----------------------------------------------------------------------------------------------

    def _bind_keys(self) -> None:
        bind = self._keymap.bind
        bind(CommandId.MODEL_NEXT, lambda: self.page.list_pane.step(1))
        bind(CommandId.MODEL_PREVIOUS, lambda: self.page.list_pane.step(-1))
        bind(CommandId.MODEL_IMPORT, self.pick_file)
        bind(CommandId.MODEL_USE, self._press(lambda: self.page.passport.use))
        bind(CommandId.MODEL_TEST, self._press(lambda: self.page.passport.test))
        bind(CommandId.MODEL_BACK, self._press(lambda: self.page.passport.way_back))

    @staticmethod
    def _press(button: Callable[[], object]) -> Callable[[], None]:
        """Return what presses a button of the page when it can be pressed."""

        def press() -> None:
            found = button()
            if found.isVisible() and found.isEnabled():  # type: ignore[attr-defined]
                found.click()  # type: ignore[attr-defined]

        return press

    def _connect_presenter(self) -> None:
        presenter = self.presenter
        presenter.failed.connect(self._on_failed)
        presenter.imported.connect(self._on_imported)
        presenter.tested.connect(self._on_tested)

    def _connect_link(self) -> None:
        link = self._link
        link.available.connect(lambda _worker: self._on_available())
        link.switched.connect(self._on_switched)
        link.switch_failed.connect(self._on_not_switched)
        link.passed_over.connect(self._on_passed_over)

    def _on_available(self) -> None:
        self.presenter.show_switching(is_switching=self._link.is_switching)
        self.presenter.refresh()

    def _on_imported(self, passport: Passport) -> None:
        if "page" in self.__dict__:
            self.page.list_pane.select(passport.entry.name)
        self._say(self.tr("Imported: {name}").format(name=title_of(passport.entry)))

    def _on_tested(self, name: str, finding: TestFinding | None) -> None:
        if finding is None:
            self._say(self.tr("The test was stopped; nothing was noted."))
        else:
            passport = self.presenter.state.find(name)
            title = title_of(passport.entry) if passport is not None else name
            self._say(f"{title} · {verdict_words(finding)}.")

    def _on_switched(self, name: str, before: str) -> None:
        self.presenter.show_could_not("")
        self.presenter.show_switching(is_switching=False)
        self.presenter.refresh()
        was_way_back, self._is_going_back = self._is_going_back, False
        if was_way_back or not before:
            self._say(self.tr("{name} proposes again").format(name=name))
            return
        words = self.tr("{name} proposes from now on. Back to {before}?").format(name=name, before=before)
        self._desk.steps.take(Step(words, lambda: self._go_back(before)))

    def _go_back(self, name: str) -> None:
        self._is_going_back = True
        self.use(name)

    def _on_not_switched(self, error: Exception) -> None:
        self._is_going_back = False
        self.presenter.show_switching(is_switching=False)
        self._on_failed(error)

    def _on_passed_over(self, name: str, code: str, instead: str) -> None:
        reason = skipped_words(code)
        words = self.tr("The model {name} was passed over: {reason}.").format(name=name, reason=reason)
        if instead:
            words = f"{words} " + self.tr("{name} proposes instead.").format(name=instead)
        self.presenter.show_could_not(words)
        self.presenter.show_switching(is_switching=False)
        self.presenter.refresh()
        self._say(words)

    def _on_failed(self, error: Exception) -> None:
        title, text = problem_words(error)
        self._say(f"{title}. {text}")

    def _say(self, words: str) -> None:
        self._window.toast.show_message(words, SAY_SECONDS)
