"""The list of conversations: model, delegate, view and presenter.

May import: ``domain``, ``services``, ``app.ui.theme``, ``app.ui.components``, ``app.ui.background``.
Text of visitors is shown as plain text of bounded length; nothing here stores, decrypts or sends.
"""
