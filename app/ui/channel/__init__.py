"""The patient channel as people in the office see it: its page, invitations, attachments, who writes, and the alert.

May import: ``app.services``, ``app.ui.components``, ``app.ui.shell``, ``app.ui.theme``, and segno, which turns a link
into the squares of a QR code. No network and no opened address: what is shown was checked by the services. Trust: names
of files and everything a visitor wrote is untrusted and shown as plain text; an image is decoded in a confined
child (``picture_child``), and nothing else of an attachment is ever interpreted.
"""
