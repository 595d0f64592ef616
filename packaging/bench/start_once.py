"""One start of the console, for the clock: shows the lock screen, prints when it was painted, ends.

A file of its own, so that the started process imports exactly what a real start imports.
"""

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtWidgets import QApplication

from app.bootstrap import console_parts
from app.isolation.wall import raise_egress_wall
from app.ui.shell.application import ConsoleApplication


def main(vault: Path) -> None:
    """Start on ``vault`` as ``vestibule open`` does."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    raise_egress_wall()
    app = QApplication(["vestibule"])
    console = ConsoleApplication(app, console_parts(vault))
    console.begin()
    app.processEvents()  # the first pass paints what was shown
    print(time.monotonic(), flush=True)
    console.finish()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
