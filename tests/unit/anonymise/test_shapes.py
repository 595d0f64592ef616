"""Shapes that an office writes itself."""

import re

import pytest

from app.anonymise.shapes import ShapeError, ShapeFault, compile_shape


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        ("AA-9999", "lq-4821"),
        ("MRN 999999", "MRN-204817"),
        ("MRN 999999", "mrn204817"),
        ("9/**", "7/x4"),
        ("R.99", "R.12"),
        ("Ñ-999", "ñ-123"),
    ],
)
def test_a_shape_finds_what_it_pictures(shape, text):
    assert compile_shape(shape).search(f"it is {text}, I think").group() == text


@pytest.mark.parametrize(
    ("shape", "text"),
    [("AA-9999", "xlq-4821"), ("AA-9999", "lq-48212"), ("AA-9999", "lq4821"), ("R.99", "RX12"), ("AA-99", "a_-12")],
)
def test_a_shape_finds_nothing_else(shape, text):
    assert compile_shape(shape).search(text) is None


@pytest.mark.parametrize(
    ("shape", "fault"),
    [
        ("", ShapeFault.EMPTY),
        ("  ", ShapeFault.EMPTY),
        ("9" * 41, ShapeFault.TOO_LONG),
        ("99", ShapeFault.TOO_BROAD),
        ("AAAA", ShapeFault.TOO_BROAD),
        ("****", ShapeFault.TOO_BROAD),
        ("---", ShapeFault.TOO_BROAD),
    ],
)
def test_a_shape_that_is_none_or_finds_everything_is_refused(shape, fault):
    with pytest.raises(ShapeError) as refused:
        compile_shape(shape)
    assert refused.value.fault is fault


@pytest.mark.parametrize("shape", ["(AA+)+9", "AA{9,}", ".*.*.*9", "[A-9]+99", "9" * 40, "A 9 " * 10, "a|9|(b|c)"])
def test_no_shape_can_repeat_or_choose(shape):
    """So trying it costs at most its length at each place of a text: signs of expressions stand for themselves."""
    bare = re.sub(r"\\.|\[[^\]]*\]", "", compile_shape(shape).pattern)
    assert not set(bare.removeprefix("(?<!").removesuffix("(?!)")) & set("+*{|(")
    assert compile_shape(shape).findall("a" * 10_000 + "1 " * 5_000) is not None
