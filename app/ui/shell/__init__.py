"""The main window and what holds it together: key map, rail, status bar, sheets, curtain, the start of the console.

May import: everything below ``ui`` and its sibling packages under ``ui``. Views here build widgets and emit wishes;
presenters talk to services through a ``BackgroundRunner``. Text of visitors reaches widgets only as plain text.
"""
