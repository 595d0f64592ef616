"""How long conversations stay: rules, previews, the second step, and legal holds, which always win.

May import what ``app.services`` may. Trust: rules count only when an administrator has signed them.
"""
