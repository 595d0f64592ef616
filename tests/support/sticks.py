"""A removable disk of a test's own: a folder that counts as one."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from app.services.people.key_sticks import find_stick
from app.store.slot_seconds import SecondInput


def sticks_in(root: Path) -> Callable[[SecondInput], bytes]:
    """Find key sticks in one folder and nowhere else."""
    return partial(find_stick, roots=lambda: (root,))
