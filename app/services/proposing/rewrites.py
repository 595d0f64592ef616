"""What may be asked of the model that runs now, and why something may not. Pure."""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol, runtime_checkable

from app.domain.prompt import Task

NOTE_TASKS = frozenset({Task.SUMMARY, Task.HAND_OVER_NOTE})
"""Where no model was taught these, the program puts them together from the thread's own sentences."""


@runtime_checkable
class TaughtModel(Protocol):
    """Something that knows what its model was taught."""

    def supports(self, task: Task) -> bool:
        """Return whether ``task`` may be asked."""


class OfferReason(Enum):
    """Why a task is not offered. The interface owns the words."""

    NO_MODEL = "no_model"
    NOT_TAUGHT = "not_taught"


@dataclass(frozen=True, slots=True)
class Offer:
    """One task as a menu shows it; ``reason`` is None when it is offered."""

    task: Task
    is_offered: bool
    reason: OfferReason | None = None


def rewrite_offers(model: TaughtModel | None) -> tuple[Offer, ...]:
    """Return every task in the order of menus; ``model``: None while no model runs."""
    return tuple(_offer(task, model) for task in Task)


def taught(model: object, task: Task) -> bool:
    """Return whether a model says that it was taught ``task``; one that says nothing was taught to reply."""
    return model.supports(task) if isinstance(model, TaughtModel) else task is Task.REPLY


def _offer(task: Task, model: TaughtModel | None) -> Offer:
    if task in NOTE_TASKS:
        return Offer(task, is_offered=True)
    if model is None:
        return Offer(task, is_offered=False, reason=OfferReason.NO_MODEL)
    is_taught = model.supports(task)
    return Offer(task, is_taught, None if is_taught else OfferReason.NOT_TAUGHT)
