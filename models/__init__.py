"""Shipped models, their manifests and cards, and the recipes that made them.

May import: ``app.domain`` only. Nothing under ``app`` imports this package; it runs on the machine of whoever trains.
"""
