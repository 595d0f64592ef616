"""The guided tour: the real console on a throw-away demo vault, walked by keyboard, one picture a screen.

May import: the rest of ``app.ui`` and below. It is handed the same parts as the console and presses the same keys as a
person; there is no second path to any screen. It writes pictures, a transcript and timings to one folder and nothing
else; the vault lies in a temporary folder that is removed at the end.
"""

from app.ui.tour.tour import run_tour

__all__ = ["run_tour"]
