"""Text from outside, made fit to be shown: plain, bounded, without signs that steer the screen.

Nothing here changes what is stored; the words stay, only invisible steering goes.
"""

import re

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui.components.labels import dress
from app.ui.theme import TextStyle

MAX_SHOWN_CHARS = 20_000
"""Longest text that one label shows; the longest message that any door accepts."""

_NOT_FOR_EYES = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, except tab and line feed
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction marks and overrides (they reorder what is read)
    "\u2028\u2029\ufeff\ufff9-\ufffb"  # separators, byte order mark, annotation anchors
    "\U000e0000-\U000e007f]"  # tag characters: text that nobody sees
)
_SURROGATES = re.compile("[\ud800-\udfff]")


def readable(untrusted_text: str, max_chars: int = MAX_SHOWN_CHARS) -> str:
    """Return ``untrusted_text`` as it may be shown: at most ``max_chars`` code points, the last one an ellipsis."""
    # Cut first: whatever arrives, the work is bounded.
    cut = untrusted_text[: max_chars + 1].replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    clean = _SURROGATES.sub("\ufffd", _NOT_FOR_EYES.sub("", cut))
    return clean if len(untrusted_text) <= max_chars else clean[: max_chars - 1].rstrip() + "…"


def readable_line(untrusted_text: str, max_chars: int = 200) -> str:
    """Return ``readable`` text folded to one line, for lists and titles."""
    return readable(" ".join(untrusted_text[: max_chars * 4].split()), max_chars)


class UntrustedLabel(QLabel):
    """The one label for text from visitors, files and the model: never markup, never longer than its bound.

    A wrapping label grows; any other is cut with an ellipsis where its width ends and shows the rest as a tooltip.
    """

    def __init__(
        self,
        untrusted_text: str = "",
        *,
        style: TextStyle = TextStyle.BODY,
        ink: str = "normal",
        is_wrapping: bool = False,
        max_chars: int = MAX_SHOWN_CHARS,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._max_chars = max_chars
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setOpenExternalLinks(False)
        self.setWordWrap(is_wrapping)
        dress(self, style, ink)
        if not is_wrapping:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_untrusted(untrusted_text)

    def set_untrusted(self, untrusted_text: str) -> None:
        """Show ``untrusted_text`` as plain text."""
        fold = readable if self.wordWrap() else readable_line
        super().setText(fold(untrusted_text, self._max_chars))

    def setText(self, untrusted_text: str) -> None:
        """Do what ``set_untrusted`` does, so that no caller can go around it."""
        self.set_untrusted(untrusted_text)

    def setTextFormat(self, text_format: Qt.TextFormat) -> None:
        """Refuse any format but plain text."""
        if text_format is not Qt.TextFormat.PlainText:
            raise ValueError("outside text is plain text")
        super().setTextFormat(text_format)

    def minimumSizeHint(self) -> QSize:
        """Return a width that lets a one-line label be cut."""
        hint = super().minimumSizeHint()
        return (
            hint
            if self.wordWrap()
            else QSize(min(hint.width(), self.fontMetrics().averageCharWidth() * 6), hint.height())
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw one line with an ellipsis when it does not fit."""
        whole = self.text()
        if self.wordWrap():
            super().paintEvent(event)
            return
        shown = self.fontMetrics().elidedText(whole, Qt.TextElideMode.ElideRight, self.contentsRect().width())
        tip = "" if shown == whole else whole
        if self.toolTip() != tip:
            self.setToolTip(tip)
        if shown == whole:
            super().paintEvent(event)
            return
        super().setText(shown)
        super().paintEvent(event)
        super().setText(whole)
