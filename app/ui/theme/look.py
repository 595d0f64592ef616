"""The look in force: tokens turned into Qt values for one scheme and one scale.

Like Qt's own palette there is one look per application. Widgets that paint themselves ask ``active()`` at the moment
they paint; after a change Qt sends every widget a ``StyleChange``.
"""

from dataclasses import dataclass

from PySide6.QtGui import QColor, QFont, QFontMetrics

from app.ui.theme.tokens import (
    COLOURS,
    SANS_STACK,
    SERIF_STACK,
    TYPE_SCALE,
    Motion,
    Role,
    Scheme,
    TextStyle,
)


@dataclass(frozen=True, slots=True)
class Look:
    """Scheme, scale (1.0 to 2.0) and motion, and the values that follow from them."""

    scheme: Scheme = Scheme.LIGHT
    scale: float = 1.0
    is_motion_reduced: bool = False

    def hex(self, role: Role) -> str:
        """Return the colour of ``role`` as ``#rrggbb``."""
        return COLOURS[self.scheme][role]

    def colour(self, role: Role, alpha: int = 255) -> QColor:
        """Return the colour of ``role``; ``alpha`` 0 to 255."""
        colour = QColor(self.hex(role))
        colour.setAlpha(alpha)
        return colour

    def px(self, size: float) -> int:
        """Return ``size`` (pixels at 100 %) at the scale in force."""
        return round(size * self.scale)

    def ms(self, motion: Motion) -> int:
        """Return a duration in milliseconds; 0 when motion is reduced."""
        return 0 if self.is_motion_reduced else int(motion)

    def font(self, style: TextStyle, *, is_tabular: bool = False) -> QFont:
        """Return the font of one step of the type scale; ``is_tabular`` gives figures of equal width."""
        token = TYPE_SCALE[style]
        font = QFont(list(SERIF_STACK if token.is_serif else SANS_STACK))
        font.setPixelSize(self.px(token.size_px))
        font.setWeight(QFont.Weight(token.weight))
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        if token.letter_spacing_percent != 100:  # noqa: PLR2004 - 100 % is no spacing at all
            font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, token.letter_spacing_percent)
        if is_tabular:
            font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def metrics(self, style: TextStyle) -> QFontMetrics:
        """Return the metrics of ``font(style)``."""
        return QFontMetrics(self.font(style))


class _Current:
    look = Look()


def active() -> Look:
    """Return the look in force."""
    return _Current.look


def put_in_force(look: Look) -> None:
    """Make ``look`` the one in force; only ``Theme`` calls this, together with Qt's palette and stylesheet."""
    _Current.look = look
