"""Proposals and notes at a desk: asked for or prepared ahead, run one after another, kept or outdated.

May import what ``app.services`` may. Trust: what ``drafting`` did not let through is never shown here.
"""
