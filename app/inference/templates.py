"""The turn markers of the chat families we run, written by us.

A template inside a model file is a program for a template engine (CVE-2024-34359); it is never read, never run. A
family is chosen by name in the model's manifest.
"""

from collections.abc import Mapping
from types import MappingProxyType

from app.domain.prompt import CHATML, PromptFrame

LLAMA3 = PromptFrame(
    start_system="<|start_header_id|>system<|end_header_id|>\n\n",
    start_user="<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n",
    end_user="<|eot_id|>",
    start_reply="<|start_header_id|>assistant<|end_header_id|>\n\n",
    end_reply="<|eot_id|>",
)
"""Llama 3, 3.1, 3.2. The beginning-of-text token is put in front by the worker, as the vocabulary asks."""

GEMMA = PromptFrame(
    start_system="<start_of_turn>user\n",
    start_user="\n\n",
    end_user="<end_of_turn>\n",
    start_reply="<start_of_turn>model\n",
    end_reply="<end_of_turn>",
)
"""Gemma 2 and 3 have no system turn: the rules open the user's."""

PHI3 = PromptFrame(
    start_system="<|system|>\n",
    start_user="<|end|>\n<|user|>\n",
    end_user="<|end|>\n",
    start_reply="<|assistant|>\n",
    end_reply="<|end|>",
)
"""Phi 3 and 3.5 mini."""

MISTRAL = PromptFrame(
    start_system="[INST] ",
    start_user="\n\n",
    end_user="[/INST]",
    start_reply="",
    end_reply="</s>",
)
"""Mistral instruct: no system turn either."""

QWEN3 = PromptFrame(
    start_system=CHATML.start_system,
    start_user=CHATML.start_user,
    end_user=CHATML.end_user,
    start_reply="<|im_start|>assistant\n<think>\n\n</think>\n\n",
    end_reply=CHATML.end_reply,
)
"""Qwen 3 thinks aloud unless the reply starts with an empty thought."""

FRAMES: Mapping[str, PromptFrame] = MappingProxyType(
    {
        "chatml": CHATML,
        "starter": CHATML,
        "smollm": CHATML,
        "qwen": CHATML,
        "qwen3": QWEN3,
        "llama3": LLAMA3,
        "gemma": GEMMA,
        "phi3": PHI3,
        "mistral": MISTRAL,
    }
)
"""Family name → markers."""


def frame_of(family: str) -> PromptFrame:
    """Return the markers of ``family``.

    Raises:
        KeyError: a family we have no markers for; nothing is guessed.
    """
    return FRAMES[family]


def guess_family(architecture: str, model_name: str) -> str:
    """Return the likely family of an imported model, for an administrator to confirm; ``chatml`` when nothing fits.

    Args:
        architecture: ``general.architecture`` of the header, for example ``qwen2``.
        model_name: ``general.name`` of the header; untrusted, compared only.
    """
    known = {"qwen3": "qwen3", "qwen2": "qwen", "gemma": "gemma", "gemma2": "gemma", "gemma3": "gemma", "phi3": "phi3"}
    if architecture in known:
        return known[architecture]
    lowered = model_name.lower()
    if "mistral" in lowered:
        return "mistral"
    return "llama3" if "llama" in lowered and "3" in lowered else "chatml"
