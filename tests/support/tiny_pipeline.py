"""A pipeline of spaCy that knows three names, for tests that need one and no trained one."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

_SCRIPT = """
import sys
import spacy
pipeline = spacy.blank("en")
ruler = pipeline.add_pipe("entity_ruler")
names = ["jorge", "alvarez", "rosa"]
ruler.add_patterns([{"label": "PERSON", "pattern": [{"LOWER": name}]} for name in names])
pipeline.to_disk(sys.argv[1])
"""


def write_tiny_pipeline(folder: Path) -> Path:
    """Write the pipeline into ``folder``, with a manifest as a shipped one has, and return it.

    spaCy runs in another process, so that none of it is loaded in that of the tests.
    """
    subprocess.run([sys.executable, "-c", _SCRIPT, str(folder)], check=True, capture_output=True)
    write_manifest(folder)
    return folder


def write_manifest(folder: Path) -> None:
    """Write down what every file is."""
    files = {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name != "manifest.json"
    }
    (folder / "manifest.json").write_text(json.dumps({"files": files}))
