"""The right pane: identity, contact, urgency, assignment, sources of the proposal, history.

May import: ``domain``, ``services``, ``app.ui.theme``, ``app.ui.components``, ``app.ui.background``.
Text of visitors is shown as plain text of bounded length; nothing here stores, decrypts or sends.
"""
