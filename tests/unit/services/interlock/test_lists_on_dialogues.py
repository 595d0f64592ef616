"""False alarms of the emergency list on ordinary messages to hotels, banks and shops, when those are at hand."""

import gzip
import json
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from app.domain.office import Sector
from app.services.interlock.lists import load_interlock

ROOT = Path(__file__).parents[4]
DIALOGUES = Path(os.environ.get("VESTIBULE_SHARED", ROOT.parent / "shared")) / "data" / "dialogues"
FILES = ("sgd", "star", "user_utterances", "multiwoz21_val_test", "dstc9_faq")
STEP = 40
MOST = 0.005


def messages() -> Iterator[str]:
    for name in FILES:
        with gzip.open(DIALOGUES / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in islice(lines, 0, None, STEP):
                yield from (turn["text"] for turn in json.loads(line)["turns"] if turn["who"] == "user")


@pytest.mark.skipif(not DIALOGUES.is_dir(), reason="the dialogues are not on this machine")
@pytest.mark.parametrize("sector", list(Sector))
def test_fewer_than_one_ordinary_message_in_two_hundred_raises(sector: Sector) -> None:
    lock = load_interlock(ROOT / "resources", sector)
    raised = [bool(lock.check(text)) for text in messages()]
    assert len(raised) > 1000
    assert sum(raised) / len(raised) < MOST
