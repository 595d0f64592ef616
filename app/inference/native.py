"""llama.cpp's C interface, and nothing else of the package it comes in.

``import llama_cpp`` would run its ``__init__``: NumPy, a template engine, a disk cache and a chat layer that executes
templates from model files (CVE-2024-34359), for 100 ms and 30 MB. We load only its module of C declarations,
``llama_cpp.llama_cpp``. Works behind Landlock, where the package is granted by its folder, and in the open.
"""

import importlib
import importlib.util
import sys
import typing
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from app.inference.errors import ModelFileError

_PACKAGE: Final = "llama_cpp"
_HELPER: Final = "typing_extensions"
"""All that the declarations take from it is ``TypeAlias``, which ``typing`` has too."""


_log_sinks: list[Any] = []
"""The one callback that the library holds; it must live as long as the library does."""


def locate() -> tuple[tuple[str, str], ...]:
    """Return what the worker may import, as (name, folder), without importing any of it.

    Raises:
        ModelFileError: llama-cpp-python is not installed.
    """
    return ((_PACKAGE, _folder_of(_PACKAGE)),)


def load_interface() -> ModuleType:
    """Return the module of C declarations with its library; ImportError, OSError or RuntimeError when it cannot."""
    if _PACKAGE not in sys.modules:
        package = ModuleType(_PACKAGE)
        package.__path__ = [_folder_of(_PACKAGE)]
        sys.modules[_PACKAGE] = package
    stands_in = sys.modules.setdefault(_HELPER, typing) is typing
    try:
        interface = importlib.import_module(f"{_PACKAGE}.llama_cpp")
    finally:
        if stands_in:
            del sys.modules[_HELPER]
    _silence(interface)
    return interface


def _silence(interface: ModuleType) -> None:
    """Send llama.cpp's log nowhere, for the whole process: names of files and models are none of a log's business."""
    if not _log_sinks:
        _log_sinks.append(interface.llama_log_callback(lambda _level, _text, _data: None))
    interface.llama_log_set(_log_sinks[0], None)


def _folder_of(name: str) -> str:
    """Return the folder of an installed package that may be loaded only in part."""
    loaded = sys.modules.get(name)
    if loaded is not None and loaded.__path__:
        return str(loaded.__path__[0])
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ModelFileError(f"{name} is not installed")
    return str(Path(spec.origin).parent)
