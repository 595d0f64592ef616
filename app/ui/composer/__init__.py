"""Where replies and notes are written and proposals are read, approved, edited or discarded.

May import: ``domain``, ``services``, ``app.ui.theme``, ``app.ui.components``, ``app.ui.background``.
Text of visitors is shown as plain text of bounded length; nothing here stores, decrypts or sends.
"""
