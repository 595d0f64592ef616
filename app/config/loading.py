"""Reading both settings files, and writing the person's one.

A file is TOML with one flat list of keys. The managed file wins key by key; whatever it names cannot be changed by the
person, and ``ConsoleSettings.managed_keys`` says so to the settings page.
"""

import os
import tempfile
import tomllib
from dataclasses import replace
from enum import Enum
from pathlib import Path

from app.config.errors import ConfigError, ConfigFault
from app.config.places import Places
from app.config.settings import SETTINGS, ConsoleSettings, Setting, SettingValue, parse_value

MAX_SETTINGS_BYTES = 64 * 1024

_BY_KEY = {setting.key: setting for setting in SETTINGS}


def load_settings(places: Places) -> ConsoleSettings:
    """Return the settings of this person on this machine; missing files mean defaults.

    Raises:
        ConfigError: naming the key or the file; nothing is half applied.
    """
    own = _read(places.settings_file)
    managed = _read(places.managed_settings_file)
    settings = ConsoleSettings(managed_keys=frozenset(managed))
    for key, value in (own | managed).items():
        settings = replace(settings, **{key: value})  # type: ignore[arg-type]  # parse_value gave each key its type
    if settings.vault_dir == Path():
        settings = replace(settings, vault_dir=places.vault_dir)
    return settings


def save_setting(places: Places, key: str, value: object) -> None:
    """Write one setting of the person's file, keeping the others; the file is replaced in one step.

    Args:
        places: where the file lies.
        key: a declared setting.
        value: as it would stand in the file: text, whole number, true or false.

    Raises:
        ConfigError: the key is unknown, managed, or the value does not fit; or the file could not be written.
    """
    setting = _declared(key)
    if key in _read(places.managed_settings_file):
        raise ConfigError(key, ConfigFault.MANAGED)
    values = _read(places.settings_file)
    values[key] = parse_value(setting, value.value if isinstance(value, Enum) else value)
    text = "".join(f"{name} = {_toml(item)}\n" for name, item in sorted(values.items()))
    try:
        places.config_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        _replace(places.settings_file, text)
    except OSError as error:
        raise ConfigError(key, ConfigFault.NOT_WRITTEN) from error


def _read(file: Path) -> dict[str, SettingValue]:
    try:
        with file.open("rb") as stream:
            untrusted_bytes = stream.read(MAX_SETTINGS_BYTES + 1)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigError(file.name, ConfigFault.UNREADABLE) from error
    if len(untrusted_bytes) > MAX_SETTINGS_BYTES:
        raise ConfigError(file.name, ConfigFault.TOO_LARGE)
    try:
        raw = tomllib.loads(untrusted_bytes.decode("utf-8"))
    except ValueError as error:
        raise ConfigError(file.name, ConfigFault.NOT_TOML) from error
    return {key: parse_value(_declared(key), value) for key, value in raw.items()}


def _declared(key: str) -> Setting:
    if key not in _BY_KEY:
        raise ConfigError(key[:80], ConfigFault.UNKNOWN_KEY)
    return _BY_KEY[key]


def _toml(value: SettingValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    text = str(value.value) if isinstance(value, Enum) else "" if value == Path() else str(value)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _replace(file: Path, text: str) -> None:
    """Write beside the target, flush to the disk, rename over it: a crash leaves the old file or the new one."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".settings-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
