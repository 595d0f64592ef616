"""The middle pane: one conversation as a readable, searchable page of plain text.

May import: ``domain``, ``services``, ``app.ui.theme``, ``app.ui.components``, ``app.ui.background``.
Text of visitors is shown as plain text of bounded length; nothing here stores, decrypts or sends.
"""
