"""Whether llama.cpp splits texts into the same tokens as the trainer: ``python -m models.recipes.same_tokens``."""

import argparse
from pathlib import Path

from models.recipes.corpora import load_corpora
from models.recipes.evaluate import Replier
from models.recipes.tokenizer import load_tokenizer

ODD_TEXTS = (
    "a  b\n\n c\t12  34",
    "  lead",
    "trail  ",
    "x\n\n\ny",
    "é ü ñ 你好 😀",
    "don't DON'T we'LL",
    "£5.50—ok…",
    "020 7946 0123",
    "[1] [none]",
)


def count_differences(model: Path, tokenizer: Path, texts: list[str]) -> int:
    """Return how many of ``texts`` the two split differently."""
    llama, own = Replier(model, threads=1).llama, load_tokenizer(tokenizer)
    return sum(
        llama.tokenize(text.encode(), add_bos=False, special=False) != own.encode(text, add_special_tokens=False).ids
        for text in texts
    )


def main() -> None:
    """Print the number of texts and of differences."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    arguments = parser.parse_args()
    corpora = load_corpora(arguments.data)
    texts = [*ODD_TEXTS, *corpora.sentences[:7000], *corpora.utterances[:2000], *corpora.dialogues[:1000]]
    differing = count_differences(arguments.work / "starter.gguf", arguments.work / "tokenizer.json", texts)
    print(f"{len(texts)} texts, {differing} split differently")


if __name__ == "__main__":
    main()
