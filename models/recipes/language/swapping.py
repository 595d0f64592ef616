"""Other people in the same sentences: so that a source of few documents teaches its sentences and not its names."""

from random import Random

from models.recipes.language.marked import Mark, Marked
from models.recipes.language.slots import Slots

SWAPPED_SHARE = 0.45
_SLOTS = {"LOCATION": ("city",), "PERSON": ("first", "full", "full", "full")}
"""Slots for a mark of one word, two words, and so on."""


def swap(rng: Random, marked: Marked, slots: Slots) -> Marked:
    """Return the text with other persons and places; the same name becomes the same other one."""
    if rng.random() > SWAPPED_SHARE or not any(mark.label in _SLOTS for mark in marked.marks):
        return marked
    instead: dict[str, str] = {}
    text, marks, done = "", [], 0
    for mark in marked.marks:
        said = marked.text[mark.start : mark.end]
        text += marked.text[done : mark.start]
        if mark.label in _SLOTS:
            said = instead.setdefault(said, _other(rng, said, mark.label, slots))
        marks.append(Mark(len(text), len(text) + len(said), mark.label))
        text += said
        done = max(done, mark.end)
    return Marked(text + marked.text[done:], tuple(marks), marked.family)


def _other(rng: Random, said: str, label: str | None, slots: Slots) -> str:
    choice = _SLOTS[label or ""]
    if "." in said:  # initials stay initials
        return slots.draw("initials", rng)[0] if label == "PERSON" else said
    slot = choice[min(len(said.split()), len(choice)) - 1]
    value = slots.draw("last" if slot == "first" and rng.random() < 0.5 else slot, rng)[0]
    return value.lower() if said.islower() else value.upper() if said.isupper() else value
