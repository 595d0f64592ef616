"""The lock screen: says why it is there, takes a password or the recovery code, and hands over an open desk.

May import: ``services``, ``ui.components``, ``ui.theme``. Trust: before unlocking nothing personal is shown, not even
the name of the office; refusals are our own words, chosen by code.
"""

from app.ui.lock.ports import Opened, OpeningParts
from app.ui.lock.reasons import LockReason
from app.ui.lock.screen import LockScreen

__all__ = ["LockReason", "LockScreen", "Opened", "OpeningParts"]
