"""Taking over the connection that the dialler made, in a child that has not confined itself yet."""

import os
import socket
from typing import Final

from app.isolation.errors import DialError, DialProblem
from app.isolation.orders import CONNECTED

TAKE_S: Final = 45.0
"""Longer than the dialler gives itself, so that its own answer comes first."""

_MAX_ANSWER_BYTES: Final = 64
_ANSWERS: Final = {problem.value.encode(): problem for problem in DialProblem}


def take_connection(promised: int) -> int:
    """Return the descriptor of the connected socket that arrives on ``promised``, which is closed.

    Raises:
        DialError: with the dialler's reason; NO_DIALLER: it ended without one; TIMED_OUT; NOT_HANDED_OVER: what came
            is not exactly one connected TCP socket.
    """
    with socket.socket(fileno=promised) as answers:
        answers.settimeout(TAKE_S)
        try:
            answer, descriptors, _, _ = socket.recv_fds(answers, _MAX_ANSWER_BYTES, 2)
        except TimeoutError as problem:
            raise DialError(DialProblem.TIMED_OUT) from problem
        except OSError as problem:
            raise DialError(DialProblem.NO_DIALLER) from problem
    if answer == CONNECTED and len(descriptors) == 1 and _is_connected(descriptors[0]):
        return descriptors[0]
    for descriptor in descriptors:
        os.close(descriptor)
    if not answer and not descriptors:
        raise DialError(DialProblem.NO_DIALLER)
    raise DialError(_ANSWERS.get(answer, DialProblem.NOT_HANDED_OVER))


def _is_connected(descriptor: int) -> bool:
    try:
        with socket.socket(fileno=os.dup(descriptor)) as handed:
            handed.getpeername()
            return handed.family in (socket.AF_INET, socket.AF_INET6) and handed.type == socket.SOCK_STREAM
    except OSError:
        return False
