"""Tokens of an example: segment by segment, the answer last. Needs the training extras."""

import pytest

pytest.importorskip("tokenizers", reason="the tokenizers package is only needed for training")

from app.domain.prompt import PromptSource, Speaker, Turn
from models.recipes.layout import Encoder
from models.recipes.tasks import Echo, Example
from models.recipes.tokenizer import SPECIALS, load_tokenizer, train_tokenizer

TEXTS = ["We open at 8:30 on Monday. [1]", "When do you open?", "Opening hours", "Task: reply", "Visitor: Desk: [none]"]


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory):
    file = tmp_path_factory.mktemp("tokenizer") / "tokenizer.json"
    train_tokenizer(TEXTS, file)
    return load_tokenizer(file)


def test_specials_have_the_first_three_ids(tokenizer):
    assert [tokenizer.token_to_id(special) for special in SPECIALS] == [0, 1, 2]


def test_digits_are_single_tokens(tokenizer):
    assert [tokenizer.decode([i]) for i in tokenizer.encode("2048").ids] == ["2", "0", "4", "8"]


def test_an_example_ends_with_its_target_and_the_end_mark(tokenizer):
    turns = (Turn(Speaker.VISITOR, "When do you open?"),)
    source = PromptSource("Opening hours", "We open at 8:30 on Monday.")
    example = Example(turns, (source,), "We open at 8:30 on Monday. [1]", (1,))
    encoded = Encoder(tokenizer).encode(example)
    assert tokenizer.decode(encoded.ids[encoded.answer_from : -1]) == example.target
    assert encoded.ids[-1] == tokenizer.token_to_id("<|im_end|>")
    assert 0 < encoded.context_from < encoded.answer_from


def test_an_echo_is_the_text_twice_and_only_the_second_is_the_answer(tokenizer):
    encoded = Encoder(tokenizer).encode(Echo("We open"))
    body = encoded.ids[1:-1]
    assert body[: len(body) // 2] == body[len(body) // 2 :]
    assert encoded.answer_from == 1 + len(body) // 2
