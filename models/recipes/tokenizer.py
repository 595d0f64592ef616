"""The starter model's tokenizer: byte-level BPE, digits one by one, as llama.cpp's ``smollm`` splits."""

from collections.abc import Iterable
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

SPECIALS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
"""Ids 0, 1 and 2, in this order."""

VOCABULARY_SIZE = 4096
PRE_TOKENIZER = "smollm"
"""Name of the same splitting in llama.cpp (``tokenizer.ggml.pre``)."""


def train_tokenizer(texts: Iterable[str], file: Path) -> Tokenizer:
    """Train on ``texts``, save to ``file`` and return the tokenizer."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY_SIZE,
        special_tokens=list(SPECIALS),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    file.parent.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(file))
    return tokenizer


def load_tokenizer(file: Path) -> Tokenizer:
    """Return the tokenizer saved in ``file``."""
    return Tokenizer.from_file(str(file))
