"""What can go wrong with approved answers.

::

    KnowledgeError
    ├── ArticleError    one file is not an approved answer; the others are still read
    ├── FolderError     the folder itself cannot be used
    └── VectorsError    the table of word vectors is not the one that was shipped

Every error carries a code from a closed list; none carries text of an article.
"""

from enum import Enum


class ArticleFault(Enum):
    """Why one file was refused."""

    NAME = "name"
    TOO_LARGE = "too_large"
    NOT_UTF8 = "not_utf8"
    NO_TITLE = "no_title"
    TITLE_TOO_LONG = "title_too_long"
    NO_TEXT = "no_text"
    BAD_DATE = "bad_date"
    BAD_FLAG = "bad_flag"
    UNREADABLE = "unreadable"


class FolderFault(Enum):
    """Why a folder was refused."""

    MISSING = "missing"
    TOO_MANY = "too_many"
    NO_ANSWERS = "no_answers"


class KnowledgeError(Exception):
    """Root of this room's errors."""


class ArticleError(KnowledgeError):
    """One file is not an approved answer."""

    def __init__(self, code: ArticleFault) -> None:
        super().__init__(f"article refused: {code.value}")
        self.code = code


class FolderError(KnowledgeError):
    """The folder cannot be used."""

    def __init__(self, code: FolderFault) -> None:
        super().__init__(f"folder refused: {code.value}")
        self.code = code


class VectorsFault(Enum):
    """Why the table of word vectors was refused."""

    NO_MANIFEST = "no_manifest"
    UNREADABLE = "unreadable"
    CHANGED = "changed"
    MALFORMED = "malformed"


class VectorsError(KnowledgeError):
    """The table of word vectors cannot be used."""

    def __init__(self, code: VectorsFault) -> None:
        super().__init__(f"word vectors refused: {code.value}")
        self.code = code
