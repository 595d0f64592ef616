"""The benchmark's own environment: presidio-analyzer never stands beside the product."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
LOCK = ROOT / "packaging" / "requirements" / "bench-anonymise.txt"
FOLDER = ROOT / "build" / "bench-anonymise"


def enter() -> None:
    """Go on in the benchmark's environment; makes it first when it is missing or older than its lock."""
    python = FOLDER / "bin" / "python"
    if Path(sys.prefix) == FOLDER:
        return
    stamp = FOLDER / f".ready-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]}"
    if not stamp.exists():
        _make(python, stamp)
    os.execv(python, [str(python), *sys.argv])  # noqa: S606 - no shell; our own interpreter and arguments


def _make(python: Path, stamp: Path) -> None:
    print(f"Making {FOLDER.relative_to(ROOT)} (once)", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(FOLDER)], check=True)  # noqa: S603
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--require-hashes"]
    subprocess.run([*pip, "--no-deps", "-r", str(LOCK)], check=True)  # noqa: S603
    stamp.touch()
