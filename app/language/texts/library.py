"""spaCy behind the walls: which packages the child may import, and how it is loaded without its command line.

``import spacy`` runs ``spacy.cli``, which loads two HTTP clients, a downloader and Typer. Nothing of that is granted:
an empty module of that name stands in its place, so that no code that could fetch anything is in the process.
"""

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Final

from app.anonymise.names import Names, open_names

PACKAGES: Final = (  # noqa: SIM905 - one name a line would hide the groups
    "spacy thinc blis cymem preshed murmurhash srsly catalogue confection wasabi "
    "numpy pydantic pydantic_core annotated_types typing_extensions typing_inspection packaging tqdm "
    "phonenumbers stdnum"
).split()
"""All that the child loads, the first line for spaCy itself, the second for what it stands on, the third for shapes."""

_BESIDE: Final = ("numpy.libs",)
"""Folders of shared libraries that a wheel puts beside its package; Debian's packages have none."""

_ONE_THREAD: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS")
"""Each thread of these libraries would take 30 MB and a core from somebody else."""


def locate() -> tuple[tuple[str, str], ...]:
    """Return what the child may import, as (name, place), without importing any; what is not installed is left out."""
    found = ((name, _place(name)) for name in PACKAGES)
    return tuple((name, place) for name, place in found if place)


def libraries() -> tuple[str, ...]:
    """Return the folders of shared libraries that stand beside the packages."""
    parents = {str(Path(place).parent) for _, place in locate()}
    beside = (Path(parent, name) for parent in sorted(parents) for name in _BESIDE)
    return tuple(str(folder) for folder in beside if folder.is_dir())


def load_pipeline(folder: Path) -> Names:
    """Return the pipeline in ``folder``, warmed up: nothing is imported or opened after this.

    Raises:
        PipelineError: it is missing, altered, or cannot be read.
    """
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
    _leave_out_command_line()
    names = open_names(folder)
    for _ in names.find_all(("Warm up, Jo Doe of 12 High Street.",)):
        pass
    return names


def _leave_out_command_line() -> None:
    if "spacy" in sys.modules:
        return
    command_line, info = ModuleType("spacy.cli"), ModuleType("spacy.cli.info")
    command_line.__path__ = []
    info.__dict__["info"] = lambda *_arguments, **_options: None
    sys.modules.update({"spacy.cli": command_line, "spacy.cli.info": info})


def _place(name: str) -> str:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        return ""
    place = Path(spec.origin)
    return str(place.parent if place.name == "__init__.py" else place)
