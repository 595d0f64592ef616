"""Walls round conversations, emergency access through them, its review, and the idle lock by role.

May import: ``app.domain``, ``app.services``, ``app.ui.components``, ``app.ui.shell`` and ``app.ui.theme``.
Trust: names and reasons are what people wrote; they are shown as untrusted text. Passwords go to the service at once.
"""
