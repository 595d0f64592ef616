"""The page of the audit log: who did and who opened what, filtered, checked and handed to a witness.

May import: ``app.services``, ``app.ui.components``, ``app.ui.shell`` and ``app.ui.theme``. Trust: entries hold ids,
times and codes; names of people are shown as untrusted text.
"""
