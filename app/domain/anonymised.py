"""Text that may leave, as a type of its own (design §4)."""

from typing import NewType

RedactedText = NewType("RedactedText", str)
"""Text in which what identifies somebody was replaced. What may leave takes this type and no other; only the replacing
room and ``services.anonymising``, which checks every offset, make one."""
