"""What would leave: a conversation as it was written beside what would leave, and the office's own rules for finding.

May import: PySide6, ``app.ui.components``, ``app.ui.theme``, ``app.ui.shell.pages`` and the services of the anonymiser.
Views emit wishes; ``presenter`` calls the services on threads of its own. Trust: both sides hold words of visitors;
they are written as plain text, sign by sign, and signs that steer the screen are made visible instead.
"""
