"""Lets ``tests.support.console_robot`` into a console that a test starts as the product does.

Python runs this file by itself where the folder stands in ``PYTHONPATH``. Nothing happens before the windows' code is
about to be loaded: by then the dialler is forked and the wall is up, both of which want one thread.
"""

import os
import sys
from importlib.abc import MetaPathFinder

_LAST_BEFORE_WINDOWS = "app.ui.shell.application"


class _Door(MetaPathFinder):
    def find_spec(self, name: str, _path: object = None, _target: object = None) -> None:
        if name == _LAST_BEFORE_WINDOWS:
            sys.meta_path.remove(self)
            from tests.support.console_robot import start  # noqa: PLC0415  not importable before, see above

            start(int(os.environ["VESTIBULE_ROBOT"]))


if os.environ.get("VESTIBULE_ROBOT"):
    sys.meta_path.insert(0, _Door())
