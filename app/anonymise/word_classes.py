"""What is known of a single word before anything is read: a first name, a surname, a place, an everyday word.

The pipeline is told the class of each word beside the word itself, so that it need not have met a name to take it for
one; the rules (``propagation``, ``naming``) ask whether a word is an everyday one. The list stands beside the pipeline
in ``words.txt``: one class a line, its letters, a space, then its words in lower case without accents.
"""

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from app.anonymise.errors import PipelineError, PipelineFault

FILE_NAME: Final = "words.txt"
MAX_FILE_BYTES: Final = 8 * 1024 * 1024
MAX_ASKED: Final = 50_000
MAX_ASKED_CHARS: Final = 40
"""Answers are remembered for so many words as they are written, of at most so many signs: some 5 MB."""
UNKNOWN: Final = "-"
"""The class of a word that stands in no list: often a rare name, a misspelling, a number."""

EVERYDAY: Final = "e"
NEVER: Final = "x"
"""Names nobody: acronyms of numbers, diseases called after somebody, greetings."""
FIRST_NAME: Final = "f"
SURNAME: Final = "s"
NATION: Final = "n"
ROLE: Final = "r"


def plain(word: str) -> str:
    """Return ``word`` in lower case without accents and without a possessive ending."""
    lower = word.lower()
    if not lower.isascii():
        apart = unicodedata.normalize("NFD", lower.replace("\u2019", "'").replace("\u0131", "i").replace("\u0142", "l"))
        lower = "".join(char for char in apart if not unicodedata.combining(char))
    return lower.removesuffix("'s")


class WordClasses:
    """Classes of words; a class is a few letters, each one a list that holds the word (``f`` first names …)."""

    def __init__(self, classes: dict[str, str]) -> None:
        """Take word → class; the words plain."""
        self._classes = classes
        self._asked: dict[str, str] = {}

    @classmethod
    def empty(cls) -> "WordClasses":
        """Return the classes of no word at all."""
        return cls({})

    @classmethod
    def load(cls, folder: Path) -> "WordClasses":
        """Read the list in ``folder``; an absent one is empty (a pipeline may do without).

        Raises:
            PipelineError: the list cannot be read.
        """
        path = folder / FILE_NAME
        if not path.exists():
            return cls.empty()
        try:
            if path.stat().st_size > MAX_FILE_BYTES:
                raise PipelineError(PipelineFault.ALTERED)
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise PipelineError(PipelineFault.UNREADABLE) from error
        lines = (line.split() for line in text.splitlines())
        return cls({word: fields[0] for fields in lines for word in fields[1:]})

    def feature(self, word: str) -> str:
        """Return what the pipeline is shown of ``word``: its class without what only the rules ask."""
        return self.of(word).replace(EVERYDAY, "").replace(NEVER, "") or UNKNOWN

    def of(self, word: str) -> str:
        """Return the class of ``word``, in whatever case and with whatever accents."""
        found = self._asked.get(word)
        if found is None:
            if len(self._asked) > MAX_ASKED:
                self._asked.clear()
            found = self._classes.get(plain(word), UNKNOWN)
            if len(word) <= MAX_ASKED_CHARS:
                self._asked[word] = found
        return found

    def is_everyday(self, word: str) -> bool:
        """Return whether ``word`` is a word of everyday language, even if it is a name too ("will", "rose")."""
        return EVERYDAY in self.of(word)

    def everyday(self) -> Iterator[str]:
        """Yield the everyday words."""
        return (word for word, code in self._classes.items() if EVERYDAY in code)

    def is_first_name(self, word: str) -> bool:
        """Return whether people are called so, and nothing else is."""
        found = self.of(word)
        return FIRST_NAME in found and not {EVERYDAY, NATION, NEVER} & set(found)

    def __len__(self) -> int:
        return len(self._classes)
