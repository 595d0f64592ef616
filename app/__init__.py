"""Vestibule: a desktop console for the front desk of clinics and law firms.

The rooms and the arrows between them are described in ``resources/docs/architecture.md``; the contracts in
``pyproject.toml`` hold them.
"""

__version__ = "0.1.0"
