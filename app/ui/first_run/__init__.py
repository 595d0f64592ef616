"""The first run: from nothing to an open vault, a recovery code that is known to work, and a first proposal.

May import: ``services``, ``knowledge``, ``crypto`` and ``isolation`` for facts, ``ui.components``, ``ui.theme``,
``ui.lock`` for the words of refusals. Trust: what is typed here is the person's own; the password goes straight to the
vault service, the recovery code is forgotten when the wizard ends; questions and proposals are shown as outside text.
"""

from app.ui.first_run.wizard import FirstRunWizard

__all__ = ["FirstRunWizard"]
