"""The page of requests: what people asked about their own data, by when, and handing it out on paper or as a file.

May import: ``app.services``, ``app.ui.components``, ``app.ui.shell`` and ``app.ui.theme``. Trust: names and messages
came from outside; they are painted as plain text, on the screen and on paper.
"""
