"""Renders a widget to a PNG, so that a developer can look at it: light and dark, 100 % and 200 %."""

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.theme import SchemeChoice, Theme

SCREEN = QSize(1366, 768)
"""The smallest screen that the console is made for."""

LOOKS = (
    ("light", SchemeChoice.LIGHT, 1.0),
    ("dark", SchemeChoice.DARK, 1.0),
    ("light-200", SchemeChoice.LIGHT, 2.0),
    ("dark-200", SchemeChoice.DARK, 2.0),
)


def render(widget: QWidget, target: Path, size: QSize = SCREEN) -> Path:
    """Show ``widget`` at ``size``, let it settle and save what it shows."""
    app = QApplication.instance()
    widget.resize(size)
    widget.show()
    for _ in range(4):
        app.processEvents()
    target.parent.mkdir(parents=True, exist_ok=True)
    if not widget.grab().save(str(target)):
        raise OSError(f"could not write {target.name}")
    return target


def render_looks(
    make: Callable[[], QWidget], folder: Path, name: str, looks: Iterable[tuple[str, SchemeChoice, float]] = LOOKS
) -> list[Path]:
    """Render what ``make`` returns once in each look; files are named ``name-look.png``."""
    app = QApplication.instance()
    made = []
    for look, choice, scale in looks:
        Theme.apply(app, choice, scale, is_motion_reduced=True)
        widget = make()
        made.append(render(widget, folder / f"{name}-{look}.png"))
        widget.close()
        widget.deleteLater()
    return made
