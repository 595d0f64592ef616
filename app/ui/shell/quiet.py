"""Keeps one harmless message of Qt's offscreen platform off the standard error stream."""

import sys

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication

_HARMLESS = "This plugin does not support"


def quiet_offscreen() -> None:
    """Drop what the offscreen platform says about every window that has a smallest size; pass everything else on.

    Does nothing on a real screen. Tests keep Qt's own handler, so a warning still fails them.
    """
    if QGuiApplication.platformName() == "offscreen":
        qInstallMessageHandler(_pass_on)


def _pass_on(_kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    if not message.startswith(_HARMLESS):
        sys.stderr.write(f"{message}\n")
