"""Passwords: from a prompt or from a private file, never from an argument or the environment."""

import os
import stat
import sys
from pathlib import Path

from app.cli.exits import CommandError, ExitCode

MAX_PASSWORD_FILE_BYTES = 4_096


def read_password(password_file: Path | None, *, is_new: bool = False) -> str:
    """Return the password of a vault.

    Args:
        password_file: its first line is the password; the file must belong to this person and be closed to others.
        is_new: ask twice.

    Raises:
        CommandError: the file is open to others or not readable, there is no terminal to ask at, or two new passwords
            differ.
    """
    if password_file is not None:
        return _from_file(password_file)
    if not sys.stdin.isatty():
        raise CommandError(ExitCode.USAGE, "There is no terminal to ask for the password; use --password-file.")
    import getpass  # noqa: PLC0415  only for prompts

    password = getpass.getpass("Password of the vault: ")
    if is_new and getpass.getpass("Once more: ") != password:
        raise CommandError(ExitCode.REFUSED, "The two passwords differ. Nothing was made.")
    return password


def read_code(password_file: Path | None, words: str = "Code from the phone (Enter if you have none): ") -> str:
    """Return a code that goes with a password: the second line of the password's file, or typed; "" for none.

    Raises:
        CommandError: as ``read_password``.
    """
    if password_file is not None:
        lines = _read(password_file).split("\n")
        return lines[1].strip() if len(lines) > 1 else ""
    if not sys.stdin.isatty():
        return ""
    import getpass  # noqa: PLC0415  only for prompts

    return getpass.getpass(words)


def read_new_password(password_file: Path | None) -> str:
    """Return a new password: from a private file, or typed twice.

    Raises:
        CommandError: as ``read_password``.
    """
    if password_file is not None:
        return _from_file(password_file)
    if not sys.stdin.isatty():
        raise CommandError(ExitCode.USAGE, "There is no terminal to ask for the new password; use --new-password-file.")
    import getpass  # noqa: PLC0415  only for prompts

    password = getpass.getpass("New password: ")
    if getpass.getpass("Once more: ") != password:
        raise CommandError(ExitCode.REFUSED, "The two passwords differ. Nothing was changed.")
    return password


def read_secret(file: Path) -> str:
    """Return the first line of a private file: a recovery code, say.

    Raises:
        CommandError: as ``read_password``.
    """
    return _from_file(file)


def _from_file(password_file: Path) -> str:
    return _read(password_file).split("\n", 1)[0].rstrip("\r")


def _read(password_file: Path) -> str:
    try:
        handle = os.open(password_file, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise CommandError(ExitCode.REFUSED, "The password file cannot be read.") from error
    with os.fdopen(handle, "rb") as stream:
        state = os.fstat(stream.fileno())
        if not stat.S_ISREG(state.st_mode):
            raise CommandError(ExitCode.REFUSED, "The password file is not a file.")
        if state.st_mode & 0o077 or state.st_uid != os.getuid():
            raise CommandError(ExitCode.REFUSED, "The password file must be yours and closed to others (chmod 600).")
        octets = stream.read(MAX_PASSWORD_FILE_BYTES)
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CommandError(ExitCode.MALFORMED, "The password file is not UTF-8 text.") from error
