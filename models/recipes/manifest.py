"""The manifest beside the shipped model: what the file is, how large, under which licence, and its digest.

The keys that the console reads are those of ``app.services.models.manifests``; the others are for people.
"""

import hashlib
import json
from pathlib import Path

import gguf

from app.domain.prompt import Task
from models.recipes.export import LICENCE, NAME

MEMORY_OVERHEAD_MB = 60
"""Beyond the file: a process with llama.cpp grew from 41 MB to 84 MB with 1,020 tokens read; rounded up."""


TAUGHT = (Task.REPLY, Task.SHORTER, Task.WARMER)
"""What ``tasks.py`` trains; the console offers nothing else with this model."""


def write_manifest(model: Path, made_on: str) -> dict[str, object]:
    """Write ``manifest.json`` beside ``model`` and return it; ``made_on`` is a date as YYYY-MM-DD."""
    body = model.read_bytes()
    reader = gguf.GGUFReader(model)
    manifest: dict[str, object] = {
        "version": 1,
        "name": "starter",
        "title": NAME,
        "file": model.name,
        "sha256": hashlib.sha256(body).hexdigest(),
        "size_bytes": len(body),
        "bytes": len(body),
        "architecture": "llama",
        "parameters": sum(int(tensor.n_elements) for tensor in reader.tensors),
        "context_tokens": 2048,
        "tasks": [task.value for task in TAUGHT],
        "template": "chatml",
        "licence": LICENCE,
        "memory_mb_estimate": len(body) // 1_000_000 + MEMORY_OVERHEAD_MB,
        "made_on": made_on,
    }
    text = json.dumps(manifest, indent=2) + "\n"
    (model.parent / "manifest.json").write_text(text, encoding="utf-8")
    return manifest
