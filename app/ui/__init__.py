"""Windows, views and presenters: the only room that knows Qt.

May import: ``services`` and what lies below it, PySide6. Nothing else imports this room except ``bootstrap``.
Trust: text from visitors, from files and from the model arrives here as plain ``str`` and is shown by
``UntrustedLabel`` or a plain-text editor, never as rich text. Keys and passwords pass through password fields to the
services and are not kept by any widget.
"""
