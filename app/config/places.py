"""Where things lie: data and settings of the person, managed settings, what ships with the product.

Source: XDG Base Directory Specification; a relative path in one of its variables is ignored, as it asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import app

MANAGED_DIR = Path("/etc/vestibule")


@dataclass(frozen=True, slots=True)
class Places:
    """Folders of one person on one machine; none has to exist yet except the shipped ones."""

    data_dir: Path
    config_dir: Path
    managed_dir: Path
    resources_dir: Path
    models_dir: Path

    @property
    def vault_dir(self) -> Path:
        """The vault, unless a setting or ``--vault`` names another."""
        return self.data_dir / "vault"

    @property
    def user_models_dir(self) -> Path:
        """Models that were imported on this machine."""
        return self.data_dir / "models"

    @property
    def settings_file(self) -> Path:
        """The person's own settings."""
        return self.config_dir / "settings.toml"

    @property
    def managed_settings_file(self) -> Path:
        """The administrator's settings, which win."""
        return self.managed_dir / "settings.toml"


def find_places(environ: Mapping[str, str], *, package_dir: Path | None = None) -> Places:
    """Return the places for a process with this environment.

    Args:
        environ: the process's environment variables.
        package_dir: folder of the package ``app``. Beside it lie ``resources`` and ``models`` in a checkout; a wheel
            carries them inside, as ``_bundled``.
    """
    home = Path(environ.get("HOME") or Path.home())
    package = package_dir or Path(app.__file__).resolve().parent
    bundled = package / "_bundled"
    shipped = bundled if bundled.is_dir() else package.parent
    return Places(
        data_dir=_base(environ, "XDG_DATA_HOME", home / ".local" / "share") / "vestibule",
        config_dir=_base(environ, "XDG_CONFIG_HOME", home / ".config") / "vestibule",
        managed_dir=MANAGED_DIR,
        resources_dir=shipped / "resources",
        models_dir=shipped / "models",
    )


def _base(environ: Mapping[str, str], name: str, fallback: Path) -> Path:
    path = Path(environ.get(name, ""))
    return path if path.is_absolute() else fallback
