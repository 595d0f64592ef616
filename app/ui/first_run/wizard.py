"""The window of the first run: side, page, footer."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractSlider, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.ui.background import BackgroundRunner
from app.ui.components import Button, ButtonKind, Divider, Text
from app.ui.first_run.pages import Pages
from app.ui.first_run.presenter import CodeCheck, FirstRunPresenter
from app.ui.first_run.recovery_sheet import RecoverySheet, ask_for_file, print_sheet, save_sheet
from app.ui.first_run.side_panel import SidePanel
from app.ui.first_run.steps import Step
from app.ui.lock.ports import OpeningParts
from app.ui.theme import IconName, Size, Space, TextStyle, active

if TYPE_CHECKING:
    from app.services.desk import Desk

_PANEL_FROM_PX = 900
"""Below this width, at 100 %, the side goes and a line above the page says how far one is."""

_EDGE_PX = 64
_BUTTON_PADDING_PX = 19  # so that the arrow of "Back" hangs under the left edge of the page

_SCROLL_ACTIONS = {
    Qt.Key.Key_Down: QAbstractSlider.SliderAction.SliderSingleStepAdd,
    Qt.Key.Key_Up: QAbstractSlider.SliderAction.SliderSingleStepSub,
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
}
_ENTER_KEYS = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class FirstRunWizard(QWidget):
    """Asks one question per page and ends with an open desk and a real proposal.

    Enter goes on, Esc goes back, Tab walks; nothing needs a pointer. What is decided is decided by the presenter.
    """

    #: The person is done; argument: ``Opened``.
    opened = Signal(object)
    #: The window was closed before the end; what was open is being closed on the store thread.
    closed = Signal()

    def __init__(self, parts: OpeningParts, runner: BackgroundRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.presenter = FirstRunPresenter(parts, runner, self)
        self.pages = Pages(self.presenter, parts.vault_dir)
        self.setWindowTitle("Vestibule: first run")
        self.setProperty("surface", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.side = SidePanel()
        self.progress = Text("", TextStyle.CAPTION, ink="faint")
        self.problem = Text("", TextStyle.SMALL, ink="signal", is_wrapping=True)
        self.back = Button("Back", kind=ButtonKind.PLAIN, icon=IconName.ARROW_LEFT)
        self.go_on = Button("Begin", kind=ButtonKind.PRIMARY, key_hint="↵")
        self._stack = QStackedWidget()
        self._scrolls: list[QScrollArea] = []
        self._lay_out()
        # After the last field, Tab comes to the button that goes on.
        QWidget.setTabOrder(self.go_on, self.back)
        self._connect()
        self._on_step_changed(self.presenter.step)

    def resume(self, desk: "Desk") -> None:
        """Go on with a vault that was unlocked and whose paper nobody has proved."""
        self.go_on.setEnabled(False)
        self.back.hide()
        self.side.hide()
        self.pages.code.show_resumed()
        self.presenter.resume(desk)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on with Enter, back with Esc, wherever the focus is."""
        if event.key() in _ENTER_KEYS:
            self._on_continue()
        elif event.key() == Qt.Key.Key_Escape:
            self._on_back()
        elif event.key() in _SCROLL_ACTIONS:
            self._scroll(self.presenter.step).verticalScrollBar().triggerAction(_SCROLL_ACTIONS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the side only where there is room for it."""
        super().resizeEvent(event)
        has_room = self.width() >= active().px(_PANEL_FROM_PX) and not self.presenter.is_resumed
        self.side.setVisible(has_room)
        self.progress.setVisible(not has_room and not self.presenter.is_resumed)
        self._column.setContentsMargins(*self._page_margins(has_panel=has_room or self.presenter.is_resumed))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close what is open; the vault stays."""
        self.presenter.abandon()
        super().closeEvent(event)
        self.closed.emit()

    def _lay_out(self) -> None:
        look = active()
        for page in self.pages:
            scroll = QScrollArea()
            scroll.setWidgetResizable(True)
            scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            scroll.setWidget(page)
            scroll.viewport().setAutoFillBackground(False)
            page.setAutoFillBackground(False)
            self._stack.addWidget(scroll)
            self._scrolls.append(scroll)
        self._stack.setMaximumWidth(look.px(Size.READING + Space.L))
        self._column = column = QVBoxLayout()
        column.setContentsMargins(*self._page_margins(has_panel=True))
        column.setSpacing(look.px(Space.S))
        column.addWidget(self.progress)
        column.addWidget(self._stack, 1)
        main = QVBoxLayout()
        main.setSpacing(0)
        main.addLayout(column, 1)
        main.addWidget(Divider())
        main.addLayout(self._footer())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.side)
        row.addLayout(main, 1)

    def _page_margins(self, *, has_panel: bool) -> tuple[int, int, int, int]:
        look = active()
        return look.px(_EDGE_PX), look.px(Space.XXXL if has_panel else Space.L), look.px(_EDGE_PX), 0

    def _footer(self) -> QHBoxLayout:
        look = active()
        strip = QWidget()
        # As wide as the page above, so that the eye does not have to travel.
        hang = look.px(_BUTTON_PADDING_PX)
        strip.setMaximumWidth(look.px(Size.READING + Space.L) + hang)
        row = QHBoxLayout(strip)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(Space.M))
        row.addWidget(self.back)
        row.addWidget(self.problem, 1)
        row.addWidget(self.go_on)
        outer = QHBoxLayout()
        edge = look.px(_EDGE_PX)
        outer.setContentsMargins(edge - hang, look.px(Space.M), edge, look.px(Space.M))
        outer.addWidget(strip, 1)
        outer.addStretch()
        return outer

    def _connect(self) -> None:
        self.back.clicked.connect(self._on_back)
        self.go_on.clicked.connect(self._on_continue)
        self.presenter.step_changed.connect(self._on_step_changed)
        self.presenter.code_checked.connect(self._on_code_checked)
        self.presenter.opened.connect(self.opened)
        self.pages.code.print_wanted.connect(self._on_print)
        self.pages.code.save_wanted.connect(self._on_save)
        for page in self.pages:
            page.answered.connect(self._on_answered)
            page.continue_wanted.connect(self._on_continue)

    def _on_step_changed(self, step: Step) -> None:
        page = self.pages.at(step)
        self._fill(step)
        self._stack.setCurrentIndex(list(Step).index(step))
        self.side.steps.show_step(step, self.presenter.answers)
        self.progress.setText(self.side.steps.words())
        self.problem.setText("")
        self.go_on.setText(page.continue_text)
        self.go_on.updateGeometry()
        self.go_on.setEnabled(step is not Step.CREATING)
        self.back.setEnabled(self.presenter.can_go_back() or step is Step.CODE)
        self.back.setVisible(step is not Step.WELCOME)
        self.back.setText("Later" if self.presenter.is_resumed and step is Step.CODE else "Back")
        self.progress.setVisible(self.progress.isVisible() and not self.presenter.is_resumed)
        # After the new page is laid out, or the focus goes to a widget that is still hidden.
        QTimer.singleShot(0, self._focus_page)

    def _scroll(self, step: Step) -> QScrollArea:
        return self._scrolls[list(Step).index(step)]

    def _fill(self, step: Step) -> None:
        """Give a page what it shows, at the moment at which it is shown."""
        if step is Step.CODE:
            self.pages.code.show_groups(self.presenter.recovery_groups)
        else:
            self.pages.code.forget()
        if step is Step.CODE_CHECK and self.pages.code_check.numbers() != self.presenter.asked_groups:
            self.pages.code_check.ask(self.presenter.asked_groups)
        if step is Step.DONE and self.presenter.desk is not None:
            office = self.presenter.desk.office
            self.pages.done.show_office(office.name, is_demo=office.is_demo)

    def _focus_page(self) -> None:
        wanted = self.pages.at(self.presenter.step).first_focus()
        (self.go_on if wanted is None else wanted).setFocus(Qt.FocusReason.TabFocusReason)
        if wanted is not None:
            # A page opens at its top, unless what one is to do lies below.
            self._scroll(self.presenter.step).ensureWidgetVisible(wanted, 0, active().px(Space.XL))

    def _on_answered(self) -> None:
        self.problem.setText("")
        self._name_check()

    def _on_continue(self) -> None:
        step = self.presenter.step
        problem = self.pages.at(step).problem()
        self.problem.setText(problem)
        if problem:
            self._focus_page()
        elif step is Step.PERSON:
            self.pages.person.show_refusal(None)
            self.presenter.create(self.pages.person.name.text(), self.pages.person.take_password())
        elif step is Step.CODE_CHECK and not self.presenter.is_code_proven:
            self._check_code()
        elif step is Step.DONE:
            self.presenter.finish()
        else:
            self.presenter.go_on()

    def _on_back(self) -> None:
        if self.presenter.step is Step.CODE and self.presenter.is_resumed:
            self.presenter.finish()
        elif self.presenter.step is Step.CODE:
            self.pages.code.ask_start_over()
            self._scroll(Step.CODE).verticalScrollBar().setValue(0)
        else:
            self.presenter.go_back()

    def _check_code(self) -> None:
        self.go_on.setEnabled(False)
        self.pages.code_check.show_busy()
        self.presenter.check_code(self.pages.code_check.typed())

    def _on_code_checked(self, _check: CodeCheck) -> None:
        self.go_on.setEnabled(True)
        self._name_check()
        self._focus_page()
        self._scroll(Step.CODE_CHECK).ensureWidgetVisible(self.pages.code_check.answer)

    def _name_check(self) -> None:
        """On the page that checks the code, the button says what it does next."""
        if self.presenter.step is Step.CODE_CHECK:
            proven = self.presenter.is_code_proven
            self.go_on.setText("Continue" if proven else self.pages.code_check.continue_text)

    def _sheet(self) -> RecoverySheet | None:
        desk = self.presenter.desk
        if desk is None:
            return None
        today = datetime.now(tz=UTC).astimezone().date()
        return RecoverySheet(desk.office.name, desk.vault.vault_id, today, self.presenter.recovery_groups)

    def _on_print(self) -> None:
        sheet = self._sheet()
        if sheet is not None:
            was_printed = print_sheet(sheet, self)
            self.pages.code.show_outcome("Sent to the printer. Take the sheet before you go on." if was_printed else "")

    def _on_save(self) -> None:
        sheet, target = self._sheet(), ask_for_file(self)
        if sheet is None or target is None:
            return
        try:
            save_sheet(sheet, target)
        except OSError:
            self.pages.code.show_outcome("The file could not be written there. Choose another place.")
            return
        self.pages.code.show_outcome("Saved. Move it to a stick that you lock away, and delete it here.")
