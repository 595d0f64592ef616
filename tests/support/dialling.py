"""A process that starts a dialler, raises the wall and runs a script, as the console does; for the loopback half.

In the script: ``dialler`` (None where there is none), ``internet()`` (every open descriptor that is a socket of another
family than AF_UNIX), ``answer(end)`` (what arrives on an end that ``dial`` returned: a code, and the family and port of
each descriptor), ``children()``, ``tell(value)``.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]

_HEAD = """
import json, os, socket, sys, time
from pathlib import Path
from app.isolation.dialler import DOOR_VARIABLE, Dialler, find_dialler, start_dialler
from app.isolation.errors import DialError
from app.isolation.wall import raise_egress_wall
dialler = find_dialler(os.environ) or start_dialler()
if {is_walled}:
    raise_egress_wall()

def answer(end):
    with end:
        said, descriptors, _, _ = socket.recv_fds(end, 64, 2)
    kinds = []
    for number in descriptors:
        with socket.socket(fileno=number) as handed:
            kinds.append([handed.family.name, handed.getpeername()[1]])
    return [said.decode(), kinds]

def internet():
    found = []
    for name in os.listdir("/proc/self/fd"):
        try:
            target = os.readlink(f"/proc/self/fd/{name}")
        except OSError:
            continue
        if target.startswith("socket:"):
            with socket.socket(fileno=os.dup(int(name))) as one:
                if one.family != socket.AF_UNIX:
                    found.append(one.family.name)
    return found

def children():
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()

def tell(value):
    print(json.dumps(value), flush=True)
"""


def run_console(script: str, *arguments: str, is_walled: bool = True, ending: int = 0) -> list[Any]:
    """Run a script behind the wall with a dialler in front of it; return what it told, line by line."""
    done = subprocess.run(
        [sys.executable, "-c", head(is_walled=is_walled) + script, *arguments],
        cwd=REPOSITORY,
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == ending
    return [json.loads(line) for line in done.stdout.splitlines()]


def head(*, is_walled: bool = True) -> str:
    """Return the beginning of such a script, for one that execs itself."""
    return _HEAD.replace("{is_walled}", str(is_walled))
