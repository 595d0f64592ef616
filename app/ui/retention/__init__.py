"""Retention for the person who answers for it: what goes when, what is held, the rules, and erasing one conversation.

May import: ``app.services``, ``app.compliance`` (for its records), ``app.ui.components``, ``app.ui.shell`` and
``app.ui.theme``. Trust: names and reasons are what people wrote; they are shown as untrusted text.
"""
