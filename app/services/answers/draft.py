"""A reply that may become an approved answer: its stretches that look personal. Apart from what finds them. Pure."""

from dataclasses import dataclass
from enum import Enum

from app.domain.fill_in import as_field


class Why(Enum):
    """Why a stretch was taken for personal; the interface owns the words."""

    CONTACT = "contact"
    NAME = "name"
    DATE = "date"
    TIME = "time"
    PHONE = "phone"
    EMAIL = "email"
    LINK = "link"
    AMOUNT = "amount"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class FieldGuess:
    """One stretch of the reply that became a field. Half-open code points of the reply as it was sent."""

    start: int
    end: int
    field_name: str
    why: Why


@dataclass(frozen=True, slots=True)
class AnswerDraft:
    """A reply and the fields it may need; ``body`` writes it with those that are wanted."""

    reply: str
    guesses: tuple[FieldGuess, ...]

    def original(self, guess: FieldGuess) -> str:
        """Return what stands in the reply where a field was put."""
        return self.reply[guess.start : guess.end]

    def body(self, taken_back: frozenset[int] = frozenset()) -> str:
        """Return the text with its fields; ``taken_back`` are the places in ``guesses`` that stay as they were."""
        text = self.reply
        for place in reversed(range(len(self.guesses))):
            if place not in taken_back:
                guess = self.guesses[place]
                text = text[: guess.start] + as_field(guess.field_name) + text[guess.end :]
        return text.strip()
