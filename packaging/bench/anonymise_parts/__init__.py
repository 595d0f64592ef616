"""The parts of ``anonymise.py``: the sets, the two engines in processes of their own, scores, speed, leaks, the table.

Imports ``app.anonymise``, ``tests.support`` and, in the benchmark's own environment, presidio-analyzer.
"""
