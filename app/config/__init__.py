"""Settings parsed once, and the places where things lie.

May import: ``app.domain`` and the standard library. Trust: settings files are written by people; ``load_settings``
turns them into a frozen ``ConsoleSettings`` or raises one ``ConfigError`` that names the key. After that no value is
unchecked.
"""

from app.config.errors import ConfigError, ConfigFault
from app.config.loading import load_settings, save_setting
from app.config.places import Places, find_places
from app.config.settings import SETTINGS, ConsoleSettings, Scheme, Setting

__all__ = [
    "SETTINGS",
    "ConfigError",
    "ConfigFault",
    "ConsoleSettings",
    "Places",
    "Scheme",
    "Setting",
    "find_places",
    "load_settings",
    "save_setting",
]
