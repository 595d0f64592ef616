"""The page of backups: where they go, how old the newest is, one now, and the proof that it comes back.

May import: ``app.services``, ``app.ui.components``, ``app.ui.shell`` and ``app.ui.theme``. Trust: a folder for backups
is somebody else's disk; what is read from it was checked by the services or is shown as untrusted text.
"""
