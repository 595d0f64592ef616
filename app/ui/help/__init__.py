"""The key sheet and the help pages, both generated from what the console really does.

May import: ``domain``, ``services``, ``app.ui.theme``, ``app.ui.components``, ``app.ui.background``.
Text of visitors is shown as plain text of bounded length; nothing here stores, decrypts or sends.
"""
