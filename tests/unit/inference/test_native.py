"""llama.cpp's declarations, loaded without the package around them."""

import subprocess
import sys

import pytest

from app.inference import native
from app.inference.errors import ModelFileError
from tests.support.confined import REPOSITORY

UNWANTED = ("numpy", "jinja2", "diskcache", "llama_cpp.llama_chat_format", "typing_extensions")


def test_nothing_of_the_binding_but_its_declarations_is_loaded() -> None:
    code = (
        "import sys; from app.inference.native import load_interface; c = load_interface(); "
        f"print(c.llama_max_devices() > 0, [n for n in {UNWANTED!r} if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True []"


def test_locating_imports_nothing() -> None:
    code = (
        "import sys; from app.inference.native import locate; p = locate(); "
        "print([name for name, _ in p], 'llama_cpp' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['llama_cpp'] False"


def test_when_the_binding_is_not_installed_then_it_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native, "_PACKAGE", "llama_cpp_that_nobody_installed")
    with pytest.raises(ModelFileError):
        native.locate()
