"""Approved answers: reading them, cutting them into passages, finding the passage that covers a question.

May import: ``app.domain``, ``sqlcipher3`` (the one SQLite build of the process, here for an index in memory only) and
``numpy`` (the table of word vectors that comes with the product, mapped and checked against its manifest).

Trust begins with Markdown text from a folder (``untrusted_*``) and ends at ``Article`` and ``Passage``: plain text of
bounded length without control or hidden characters. What an article *says* is still only ever content of a prompt.
"""

from app.knowledge.errors import ArticleError, FolderError, KnowledgeError
from app.knowledge.folder import ArticleProblem, FolderReading, read_folder
from app.knowledge.index import PassageIndex, ScoredPassage
from app.knowledge.markdown import StatedAnswer, read_article, read_markdown, read_section, read_stem
from app.knowledge.passages import split

__all__ = [
    "ArticleError",
    "ArticleProblem",
    "FolderError",
    "FolderReading",
    "KnowledgeError",
    "PassageIndex",
    "ScoredPassage",
    "StatedAnswer",
    "read_article",
    "read_folder",
    "read_markdown",
    "read_section",
    "read_stem",
    "split",
]
