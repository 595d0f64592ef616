"""What a person may tell the model about a reply ("mention the car park"). Pure."""

from app.domain.prompt import Task
from app.services.conversations.texts import check_text
from app.services.errors import InvalidTextError, TextFault

MAX_INSTRUCTION_CHARS = 300
"""Two sentences; a longer wish is written faster as a reply. It stands in the prompt beside thread and sources."""


def check_instruction(untrusted_instruction: str, task: Task) -> str:
    """Return an instruction on one line; "" for tasks that take none.

    Raises:
        InvalidTextError: longer than ``MAX_INSTRUCTION_CHARS``, with broken characters, or blank where one is needed.
    """
    if task is not Task.INSTRUCTED:
        return ""
    instruction = " ".join(check_text(untrusted_instruction).split())
    if len(instruction) > MAX_INSTRUCTION_CHARS:
        raise InvalidTextError(TextFault.TOO_LONG)
    return instruction
