"""What can go wrong with settings: one error, ``ConfigError``, with a code and the key it is about."""

from enum import Enum


class ConfigFault(Enum):
    """Why settings were refused."""

    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    NOT_TOML = "not_toml"
    UNKNOWN_KEY = "unknown_key"
    WRONG_TYPE = "wrong_type"
    OUT_OF_RANGE = "out_of_range"
    NOT_A_CHOICE = "not_a_choice"
    MANAGED = "managed"
    NOT_WRITTEN = "not_written"


class ConfigError(Exception):
    """Settings cannot be used. ``key`` is the setting, or the file's name when the whole file is meant."""

    def __init__(self, key: str, code: ConfigFault) -> None:
        super().__init__(f"{key}: {code.value}")
        self.key = key
        self.code = code
