"""The page of models: the list, the passport of one, import with progress, the driving test, and which one proposes.

May import: PySide6, ``app.ui.components``, ``app.ui.theme``, ``app.ui.shell.pages`` and the services of models. Views
emit wishes; ``presenter`` calls the services on threads of its own, so that the window never waits for a file or a
model. Trust: names, licences and titles come out of model files and are shown by ``UntrustedLabel`` or cleaned first.
"""
