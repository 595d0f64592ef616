"""DOCX: a package of XML parts in a zip, read with the standard library alone and with limits at every step.

Standards: ECMA-376 (Office Open XML) part 1, chapter 17 (WordprocessingML), and part 2 (packaging).
"""

from app.language.docx.reader import read_docx

__all__ = ["read_docx"]
