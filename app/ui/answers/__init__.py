"""The page of approved answers: list, editor, trying a question, import, and the beginning of an answer from a reply.

May import: PySide6, ``app.ui`` parts below the shell's window, ``app.services``, ``app.domain``.
Trust: answers come from people of the office and from documents; their words are shown as plain text, and the preview
reads a little Markdown without markup, links or pictures from anywhere.
"""
