"""Where icons and typefaces lie: beside ``app`` in a checkout, inside the package when installed."""

from pathlib import Path

_APP = Path(__file__).resolve().parents[2]


def resources_dir() -> Path:
    """Return the folder ``resources`` of this installation."""
    bundled = _APP / "_bundled" / "resources"
    return bundled if bundled.is_dir() else _APP.parent / "resources"
