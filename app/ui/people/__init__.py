"""The page of people: who opens the vault, as what; letting them in and letting them go.

May import: ``app.services``, ``app.store`` (for its records and errors), ``app.ui.components``, ``app.ui.shell`` and
``app.ui.theme``. Trust: names are what people typed, they are shown as untrusted text. A one-time password and recovery
shares are shown once, in a sheet that forgets them when it closes.
"""
