"""Every setting, declared once: type, default, unit, range, a sentence of help.

The settings page and the manual are made from ``SETTINGS``; ``parse_value`` is the one place that judges a raw value.
"""

import dataclasses
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import cast

from app.config.errors import ConfigError, ConfigFault

SettingValue = str | int | bool | Path | Enum
MAX_TEXT_CHARS = 4_096


class Scheme(Enum):
    """Colours of the console."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Setting:
    """One declared setting. ``low`` and ``high`` are inclusive; ``unit`` is empty for what has none."""

    key: str
    kind: type[str] | type[int] | type[bool] | type[Path] | type[Enum]
    default: SettingValue
    help: str
    unit: str = ""
    low: int = 0
    high: int = 0


def _declare(default: SettingValue, sentence: str, unit: str = "", low: int = 0, high: int = 0) -> object:
    return field(default=default, metadata={"help": sentence, "unit": unit, "low": low, "high": high})


def _whole(default: int, sentence: str, unit: str, low: int, high: int) -> int:
    return cast("int", _declare(default, sentence, unit, low, high))


def _folder(sentence: str) -> Path:
    return cast("Path", _declare(Path(), sentence))


def _scheme(sentence: str) -> Scheme:
    return cast("Scheme", _declare(Scheme.SYSTEM, sentence))


def _on(sentence: str) -> bool:
    return cast("bool", _declare(default=True, sentence=sentence))


def _off(sentence: str) -> bool:
    return cast("bool", _declare(default=False, sentence=sentence))


def _name(default: str, sentence: str) -> str:
    return cast("str", _declare(default, sentence))


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleSettings:
    """All settings of the console. ``managed_keys`` names those that an administrator fixed for this machine."""

    vault_dir: Path = _folder("Folder of the vault; empty: beside the other data.")  # noqa: RUF009  a declaration
    idle_lock_s: int = _whole(300, "The console locks after this time without a key or a mouse.", "s", 30, 28_800)
    undo_send_s: int = _whole(5, "How long a sent reply can be taken back.", "s", 0, 60)
    scheme: Scheme = _scheme("Colours: as the system has them, light, or dark.")  # noqa: RUF009  a declaration
    scale_percent: int = _whole(100, "Size of everything on the screen.", "%", 100, 200)
    single_letter_keys: bool = _on("J, K, E and the like act outside text fields.")
    counter_mode: bool = _off("People stand in front of this screen: names as initials, words hidden until looked at.")
    prepare_drafts: bool = _on("Prepare proposals before anybody asks for them.")
    alert_sound: bool = _on("Ring when somebody writes over the patient channel.")
    alert_tray: bool = _on("Say so in the tray, without name or text.")
    alert_repeat_s: int = _whole(60, "Ring again after this time until it was read; 0: once.", "s", 0, 3_600)
    backup_dir: Path = _folder("Folder for backups, on another disk or a share; empty: none.")  # noqa: RUF009  a declaration
    backup_every_h: int = _whole(24, "Hours between backups while the console is open; 0: only by hand.", "h", 0, 720)
    country: str = _name("", "Whose emergency numbers are said: us, ca, gb, ie, es, mx, eu; empty: by the locale.")
    gateway: str = _name("", "The one gateway that may be spoken to, as HOST:PORT; empty: whichever the office names.")
    gateway_ca: Path = _folder("File with the authority behind its certificate; empty: the system's.")  # noqa: RUF009  a declaration
    model: str = _name("starter", "Name of the model that proposes.")
    previous_model: str = _name("", "Name of the model that proposed before it, for the way back.")
    model_threads: int = _whole(2, "Processor cores that the model may use.", "cores", 1, 64)
    context_tokens: int = _whole(2_048, "Length of text that the model can see at once.", "tokens", 512, 32_768)
    managed_keys: frozenset[str] = frozenset()

    @property
    def backup_places(self) -> tuple[Path, ...]:
        """The folders for backups: none, or the one that is set."""
        return (self.backup_dir,) if self.backup_dir != Path() else ()


def _settings() -> tuple[Setting, ...]:
    declared = [item for item in dataclasses.fields(ConsoleSettings) if item.metadata]
    return tuple(
        Setting(
            item.name,
            _kind_of(item.default),
            item.default,
            item.metadata["help"],
            item.metadata["unit"],
            item.metadata["low"],
            item.metadata["high"],
        )
        for item in declared
    )


def _kind_of(default: SettingValue) -> type[str] | type[int] | type[bool] | type[Path] | type[Enum]:
    return Path if isinstance(default, Path) else type(default)


SETTINGS = _settings()
"""All settings in the order of the settings page."""


def parse_value(setting: Setting, untrusted_value: object) -> SettingValue:
    """Return the value of a setting as its type.

    ``True`` is no number and 5.0 is no whole number; both are refused.

    Raises:
        ConfigError: naming the key, when type, range or choice do not fit.
    """
    if issubclass(setting.kind, Enum):
        return _choice(setting, setting.kind, untrusted_value)
    expected = str if setting.kind is Path else setting.kind
    if not isinstance(untrusted_value, expected) or (expected is int and isinstance(untrusted_value, bool)):
        raise ConfigError(setting.key, ConfigFault.WRONG_TYPE)
    if isinstance(untrusted_value, str):
        return _text(setting, untrusted_value)
    value = cast("int", untrusted_value)
    if setting.kind is int and not setting.low <= value <= setting.high:
        raise ConfigError(setting.key, ConfigFault.OUT_OF_RANGE)
    return value


def _choice(setting: Setting, choices: type[Enum], untrusted_value: object) -> Enum:
    try:
        return choices(untrusted_value)
    except ValueError as error:
        raise ConfigError(setting.key, ConfigFault.NOT_A_CHOICE) from error


def _text(setting: Setting, untrusted_text: str) -> str | Path:
    if len(untrusted_text) > MAX_TEXT_CHARS or any(char < " " for char in untrusted_text):
        raise ConfigError(setting.key, ConfigFault.OUT_OF_RANGE)
    if setting.kind is not Path:
        return untrusted_text
    path = Path(untrusted_text).expanduser() if untrusted_text else Path()
    if untrusted_text and not path.is_absolute():
        raise ConfigError(setting.key, ConfigFault.OUT_OF_RANGE)
    return path
