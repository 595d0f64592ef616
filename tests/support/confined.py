"""Runs a piece of Python in a process of its own: in the open (behind the suite's wall), or confined like a worker."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]

_HEAD = """
import ctypes, errno, json, os, socket, sys, threading
sys.path.insert(0, {root!r})
libc = ctypes.CDLL(None, use_errno=True)

def c_errno(result):
    return 0 if result >= 0 else ctypes.get_errno()

def c_socket(family, kind=socket.SOCK_STREAM):
    "A socket made in C, which no audit hook of Python sees."
    ctypes.set_errno(0)
    return c_errno(libc.socket(family, kind, 0))

def os_errno(action, *arguments):
    try:
        action(*arguments)
    except OSError as problem:
        return problem.errno
    return 0
"""

_CONFINE = """
from app.isolation.confine import confine
before = {before}
abi = confine(files={files!r}, folders={folders!r})
"""


def run_open(expression: str) -> object:
    """Return the value of a Python expression computed in a process that is not confined."""
    return _run(_HEAD.format(root=str(REPOSITORY)) + f"print(json.dumps({expression}))")


def run_confined(
    expressions: Mapping[str, str], *, files: tuple[str, ...] = (), folders: tuple[str, ...] = (), before: str = "None"
) -> dict[str, object]:
    """Return the values of expressions computed after ``confine``; ``before`` is one computed in front of it."""
    code = _HEAD.format(root=str(REPOSITORY)) + _CONFINE.format(files=files, folders=folders, before=before)
    code += "\n".join(f"value_{place} = {text}" for place, text in enumerate(expressions.values()))
    names = ", ".join(f"{name!r}: value_{place}" for place, name in enumerate(expressions))
    result = _run(f"{code}\nprint(json.dumps({{{names}}}))")
    assert isinstance(result, dict)
    return result


def _run(code: str) -> object:
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], env={}, cwd="/", capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)
