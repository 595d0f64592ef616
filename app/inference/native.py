"""llama.cpp's C interface, and nothing else of the package it comes in.

``import llama_cpp`` would run its ``__init__``: NumPy, a template engine, a disk cache and a chat layer that executes
templates from model files (CVE-2024-34359), for 100 ms and 30 MB. We load only its module of C declarations,
``llama_cpp.llama_cpp``. Works behind Landlock, where the package is granted by its folder, and in the open.
"""

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Final

from app.inference.errors import ModelFileError

_PACKAGE: Final = "llama_cpp"
_HELPER: Final = "typing_extensions"


def locate() -> tuple[tuple[str, str], ...]:
    """Return what the worker may import, as (name, folder or file), without importing any of it.

    Raises:
        ModelFileError: llama-cpp-python is not installed.
    """
    return (_PACKAGE, _place_of(_PACKAGE)), (_HELPER, _place_of(_HELPER))


def load_interface() -> ModuleType:
    """Return the module of C declarations with its library; ImportError, OSError or RuntimeError when it cannot."""
    if _PACKAGE not in sys.modules:
        package = ModuleType(_PACKAGE)
        package.__path__ = [_place_of(_PACKAGE)]
        sys.modules[_PACKAGE] = package
    return importlib.import_module(f"{_PACKAGE}.llama_cpp")


def _place_of(name: str) -> str:
    try:
        spec = importlib.util.find_spec(name)
    except ValueError:  # half-loaded
        spec = None
    if spec is None or spec.origin is None:
        raise ModelFileError(f"{name} is not installed")
    origin = Path(spec.origin)
    return str(origin.parent if origin.name == "__init__.py" else origin)
