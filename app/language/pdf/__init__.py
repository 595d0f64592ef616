"""PDF: PDFium gives letters with their places; what is a line, a table, a heading is decided here.

PDFium is the parser of Chromium, fuzzed for years; it is native code all the same, and runs in the confined worker
only. Its build here has no JavaScript and no forms (XFA). Rendering is never asked for. Standard: ISO 32000-2.
"""

from app.language.pdf.reader import read_pdf

__all__ = ["read_pdf"]
