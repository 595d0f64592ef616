"""How the worker's parts tell one another that something cannot be done; both end as a code on the pipe.

::

Exception
├── LoadError       the engine cannot serve at all
└── RequestError    this request cannot be served; the next one can
"""

from app.inference.generation import ProblemCode
from app.inference.protocol import LoadProblem


class LoadError(Exception):
    """The engine cannot serve."""

    def __init__(self, code: LoadProblem) -> None:
        super().__init__(code.value)
        self.code = code


class RequestError(Exception):
    """This request cannot be served; the next one can."""

    def __init__(self, code: ProblemCode) -> None:
        super().__init__(code.value)
        self.code = code
