"""The emergency list as the office reads and signs it.

May import: ``domain``, ``services``, ``config``, ``app.ui.theme``, ``app.ui.components``, ``app.ui.background``.
Everything shown here ships with the product; no text of visitors comes near it.
"""
