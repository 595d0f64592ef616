"""Text from outside is shown plain, bounded and without signs that steer the screen; marks speak in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.components import Chip, InitialsAvatar, KeyCap, Text, UntrustedLabel, initials, readable, readable_line
from app.ui.components.untrusted import MAX_SHOWN_CHARS

MARKUP = '<b>bold</b> <img src="https://example.org/x.png"> <a href="file:///etc/passwd">x</a>'


def test_markup_from_outside_stays_what_was_typed(qtbot: QtBot) -> None:
    label = UntrustedLabel(MARKUP, is_wrapping=True)
    qtbot.addWidget(label)
    assert label.text() == MARKUP
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert not label.openExternalLinks()


def test_an_untrusted_label_refuses_to_become_rich(qtbot: QtBot) -> None:
    label = UntrustedLabel("x")
    qtbot.addWidget(label)
    with pytest.raises(ValueError, match="plain"):
        label.setTextFormat(Qt.TextFormat.RichText)
    assert label.textFormat() is Qt.TextFormat.PlainText


def test_set_text_is_no_way_around_the_bound(qtbot: QtBot) -> None:
    label = UntrustedLabel(is_wrapping=True, max_chars=10)
    qtbot.addWidget(label)
    label.setText("a" * 50)
    assert label.text() == "aaaaaaaaa…"


@pytest.mark.parametrize(
    ("untrusted", "shown"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("tab\there", "tab here"),
        ("bell\x07 null\x00 escape\x1b[31m", "bell null escape[31m"),
        ("safe\u202egnp.exe", "safegnp.exe"),
        ("\u2066isolated\u2069", "isolated"),
        ("hidden\U000e0041\U000e0042", "hidden"),
        ("lone \ud800 half", "lone \ufffd half"),
        ("zwj family \U0001f469\u200d\U0001f467", "zwj family \U0001f469\u200d\U0001f467"),
        ("עברית ועربية", "עברית ועربية"),
    ],
)
def test_steering_signs_go_and_words_stay(untrusted: str, shown: str) -> None:
    assert readable(untrusted) == shown


def test_ten_million_characters_are_cut_at_the_bound() -> None:
    shown = readable("ä" * 10_000_000)
    assert len(shown) == MAX_SHOWN_CHARS
    assert shown.endswith("…")


@given(st.text(max_size=300), st.integers(min_value=2, max_value=80))
def test_what_is_shown_is_never_longer_than_the_bound_and_never_steers(text: str, bound: int) -> None:
    shown = readable(text, bound)
    assert len(shown) <= bound
    assert readable(shown, bound) == shown
    assert not set(shown) & {"\u202e", "\x00", "\x1b", "\u2066", "\ufeff"}


def test_a_line_has_no_breaks() -> None:
    assert readable_line("  one\n\n two\tthree ") == "one two three"


def test_a_long_line_is_cut_where_its_room_ends_and_shows_the_rest_as_a_tip(qtbot: QtBot) -> None:
    label = UntrustedLabel("a name that is far too long for the room it has in this list")
    qtbot.addWidget(label)
    label.resize(120, 24)
    label.show()
    qtbot.waitUntil(lambda: label.toolTip() != "")
    assert label.text().startswith("a name")
    label.resize(900, 24)
    label.repaint()
    assert label.toolTip() == ""


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Dana Whitcroft", "DW"),
        ("Łukasz", "Ł"),
        ("  anna  maria   del rio ", "AR"),
        ("", "·"),
        ("\u202e\u202e", "·"),
        ("(Dr.) helen Strandquist", "HS"),
        ("李 小龍", "李小"),
    ],
)
def test_initials_are_one_or_two_letters(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_marks_say_their_meaning_to_a_screen_reader(qtbot: QtBot) -> None:
    for mark, name in (
        (InitialsAvatar("Dana Whitcroft"), "Dana Whitcroft"),
        (Chip("Emergency"), "Emergency"),
        (KeyCap("Ctrl+K"), "Ctrl+K"),
    ):
        qtbot.addWidget(mark)
        assert mark.accessibleName() == name


def test_our_own_words_are_plain_text_too(qtbot: QtBot, qapp: QApplication) -> None:
    label = Text("2 < 3 & <b>not bold</b>")
    qtbot.addWidget(label)
    assert label.textFormat() is Qt.TextFormat.PlainText
