"""What reaches a terminal, and lines of bounded length."""

import io

from app.cli.output import bounded_lines, printable


def test_no_control_or_direction_character_reaches_a_terminal() -> None:
    assert printable("a\x1b[2J\u202eb\x9b\u200bc\nd") == "a[2Jbc d"


def test_a_long_line_is_cut_but_counted_once() -> None:
    lines = list(bounded_lines(io.StringIO("short\n" + "x" * 50 + "\nlast"), 10))
    assert [len(line) for line in lines] == [6, 11, 4]
    assert list(bounded_lines(io.StringIO("0123456789\nab\n"), 10)) == ["0123456789\n", "ab\n"]
