"""The first code of every confined child: ``child.py`` runs this file as a script with ``python -I -S``.

``-S`` matters: without it Python's ``site`` would run the ``.pth`` files of every installed package, third-party code,
before the walls stand. So there is no ``site-packages`` on the path, and a granted package is found by its name only.
"""

import sys
from pathlib import Path

if __name__ == "__main__":
    _root = str(Path(__file__).absolute().parent.parent.parent)
    sys.path.insert(0, _root)
    import app  # noqa: F401 - our own package, from where this very file lies: a checkout or an installed wheel

    sys.path.remove(_root)  # it may be site-packages, and only ``app`` is taken from it

    from app.isolation.boot import main

    sys.exit(main())
