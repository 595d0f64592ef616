"""Puts the look on the application and keeps it in step with the system and with the person's choice."""

from dataclasses import replace
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from app.ui.theme.icons import IconName, icon
from app.ui.theme.look import Look, active, put_in_force
from app.ui.theme.palette import build_palette
from app.ui.theme.places import resources_dir
from app.ui.theme.stylesheet import build_stylesheet
from app.ui.theme.tokens import MAX_SCALE, MIN_SCALE, Role, Scheme, TextStyle


class SchemeChoice(Enum):
    """What the person wants; ``SYSTEM`` follows the desktop, also while the console runs."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Theme(QObject):
    """The owner of the look; one per application, made by ``Theme.apply``."""

    #: The look in force is a new one; argument: that ``Look``.
    changed = Signal(object)

    def __init__(self, app: QApplication, choice: SchemeChoice, look: Look) -> None:
        super().__init__(app)
        self._app = app
        self._choice = choice
        self._look = look
        self._shown: Look | None = None
        self._system_scheme = app.styleHints().colorScheme()
        app.setStyle("Fusion")
        _load_typefaces(resources_dir() / "fonts")
        app.styleHints().colorSchemeChanged.connect(self._on_system_scheme_changed)

    @classmethod
    def apply(
        cls,
        app: QApplication,
        choice: SchemeChoice = SchemeChoice.SYSTEM,
        scale: float = 1.0,
        *,
        is_motion_reduced: bool = False,
    ) -> "Theme":
        """Dress ``app`` and return its theme; a second call changes the theme that is there.

        Args:
            app: the application.
            choice: light, dark or what the system says.
            scale: 1.0 to 2.0; values outside are brought to the nearer end.
            is_motion_reduced: no fades and no moving parts.
        """
        theme = next((child for child in app.children() if isinstance(child, cls)), None)
        look = Look(scale=_bounded(scale), is_motion_reduced=is_motion_reduced)
        if theme is None:
            theme = cls(app, choice, look)
        theme._choice, theme._look = choice, look
        theme._refresh()
        return theme

    @property
    def choice(self) -> SchemeChoice:
        """What the person chose."""
        return self._choice

    def set_choice(self, choice: SchemeChoice) -> None:
        """Show light, dark or what the system says."""
        self._choice = choice
        self._refresh()

    def set_scale(self, scale: float) -> None:
        """Draw everything at ``scale``, 1.0 to 2.0."""
        self._look = replace(self._look, scale=_bounded(scale))
        self._refresh()

    def set_motion_reduced(self, is_reduced: bool) -> None:
        """Stop or allow moving parts."""
        self._look = replace(self._look, is_motion_reduced=is_reduced)
        self._refresh()

    @Slot(Qt.ColorScheme)
    def _on_system_scheme_changed(self, scheme: Qt.ColorScheme) -> None:
        self._system_scheme = scheme
        if self._choice is SchemeChoice.SYSTEM:
            self._refresh()

    def _wanted_scheme(self) -> Scheme:
        if self._choice is not SchemeChoice.SYSTEM:
            return Scheme(self._choice.value)
        return Scheme.DARK if self._system_scheme == Qt.ColorScheme.Dark else Scheme.LIGHT

    def _refresh(self) -> None:
        look = replace(self._look, scheme=self._wanted_scheme())
        self._look = look
        if look == self._shown and look == active():
            return
        self._shown = look
        put_in_force(look)
        self._app.setFont(look.font(TextStyle.BODY))
        self._app.setPalette(build_palette(look))
        self._app.setStyleSheet(build_stylesheet(look))
        self._app.setWindowIcon(icon(IconName.VESTIBULE, Role.ACCENT_INK))
        self.changed.emit(look)


def _bounded(scale: float) -> float:
    return min(max(scale, MIN_SCALE), MAX_SCALE)


def _load_typefaces(folder: Path) -> None:
    # A missing file is no reason to stop: the stacks in tokens.py go on with what the system has.
    for file in sorted(folder.glob("*.ttf")):
        QFontDatabase.addApplicationFont(str(file))
