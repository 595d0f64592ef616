"""PDFium's C interface, and nothing else of the package it comes in.

``pypdfium2_raw`` holds generated declarations and the library; the helper layer (``pypdfium2``) is not loaded. Works
behind Landlock, where the package is granted by its folder.
"""

import importlib
import importlib.util
from pathlib import Path
from typing import Any, Final

from app.language.errors import DocumentError, DocumentFault

PACKAGE: Final = "pypdfium2_raw"

_loaded: list[Any] = []
"""The interface once its library is initialised; it is initialised once a process."""


def locate() -> tuple[tuple[str, str], ...]:
    """Return what the worker may import, as (name, folder), without importing it; nothing where it is not installed."""
    spec = importlib.util.find_spec(PACKAGE)
    return ((PACKAGE, str(Path(spec.origin).parent)),) if spec is not None and spec.origin is not None else ()


def load_pdfium() -> Any:
    """Return the module of C declarations.

    Raises:
        DocumentError: READER_MISSING.
    """
    if not _loaded:
        try:
            interface = importlib.import_module(f"{PACKAGE}.bindings")
        except (ImportError, OSError) as problem:
            raise DocumentError(DocumentFault.READER_MISSING) from problem
        interface.FPDF_InitLibrary()
        _loaded.append(interface)
    return _loaded[0]
