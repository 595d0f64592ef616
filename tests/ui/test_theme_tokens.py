"""The tokens keep what they promise: every colour is there, text is readable, rings are seen."""

import pytest

from app.ui.theme.tokens import (
    COLOURS,
    SHAPE_PAIRS,
    SHEETS,
    TEXT_PAIRS,
    TYPE_SCALE,
    Motion,
    Role,
    Scheme,
    Size,
    TextStyle,
    contrast,
)

SCHEMES = tuple(Scheme)


def test_contrast_agrees_with_the_published_examples() -> None:
    # WCAG 2.2, understanding 1.4.3: black on white is 21:1; #777777 on white is just below 4.5:1.
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#ffffff", "#777777") == contrast("#777777", "#ffffff")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_role_has_a_colour_in_both_schemes(scheme: Scheme) -> None:
    assert set(COLOURS[scheme]) == set(Role)
    assert all(len(value) == 7 and value.startswith("#") for value in COLOURS[scheme].values())


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("text", "background"), TEXT_PAIRS)
def test_text_can_be_read_on_its_background(scheme: Scheme, text: Role, background: Role) -> None:
    assert contrast(COLOURS[scheme][text], COLOURS[scheme][background]) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("shape", "background"), SHAPE_PAIRS)
def test_rings_and_borders_can_be_seen(scheme: Scheme, shape: Role, background: Role) -> None:
    assert contrast(COLOURS[scheme][shape], COLOURS[scheme][background]) >= 3.0


def test_every_ink_is_checked_on_every_sheet() -> None:
    inks = (Role.INK, Role.INK_SOFT, Role.INK_FAINT, Role.ACCENT_INK, Role.SIGNAL_INK, Role.CAUTION_INK)
    assert {(ink, sheet) for ink in inks for sheet in SHEETS} <= set(TEXT_PAIRS)


def test_the_type_scale_has_every_style_and_nothing_smaller_than_twelve_pixels() -> None:
    assert set(TYPE_SCALE) == set(TextStyle)
    assert min(token.size_px for token in TYPE_SCALE.values()) >= 12


def test_targets_are_large_enough_and_motion_is_short() -> None:
    assert Size.TARGET >= 24
    assert Size.CONTROL >= Size.TARGET
    assert max(Motion) <= 300
