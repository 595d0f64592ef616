"""Kills over a whole practice under traffic: console, link or gateway, at any moment, and an account of every promise.

Patients write and the desk answers; every text is a token of its own. What a patient was told is at the desk, and what
the desk was told is in its outbox, must be on the other side in the end: once, and in the order in which it was said.
"""

import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field

from app.domain.ids import ConversationId
from tests.support.channel_consoles import wait_for
from tests.support.channel_patients import Patient, Patients
from tests.support.channel_practice import Practice

_SETTLE_S = 60.0


@dataclass
class ChannelSiege:
    """Give it a practice that runs and a house of patients."""

    practice: Practice
    house: Patients
    seed: int
    count: int = 2
    kills: Counter[str] = field(default_factory=Counter)
    promised: dict[ConversationId, list[str]] = field(default_factory=dict)
    cids: dict[ConversationId, Patient] = field(default_factory=dict)
    _number: int = 0

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        for number in range(self.count):
            invite = self.practice.invite(f"Patient {number}")
            patient = self.house.add(invite.link, self.practice.place)
            self.house.say(patient, self._token("p"))
            self.cids[self.practice.conversation(invite)] = patient

    def fire(self) -> None:
        """Let everybody write, kill one of three in the middle of it, and start it again."""
        target = self._random.choice(("console", "link", "gateway"))
        self._speak()
        asked = self._answer_without_waiting() if target == "console" else self._answer()
        time.sleep(self._random.uniform(0, 0.06))  # into the middle of whatever is going on; no condition waits for it
        self.kills[target] += 1
        if target == "gateway":
            self.practice.stop_gateway(signal.SIGKILL)
            self.practice.start_gateway()
        elif target == "link":
            self.practice.console.kill_link()
        else:
            if asked is not None and self.practice.console.take_answer():
                self.promised.setdefault(asked[0], []).append(asked[1])
            self.practice.console.kill()
            self.practice.console.start()

    def check(self) -> None:
        """Let everything arrive, and hold both sides to what was promised and to one order."""
        self.house.settle(limit_s=_SETTLE_S)
        for cid, patient in self.cids.items():
            wait_for(
                lambda cid=cid, patient=patient: set(self.promised.get(cid, [])) - set(patient.shown),
                lambda missing: not missing,
                what=f"promised answers that were not shown ({patient!r})",
                limit_s=_SETTLE_S,
            )
        for cid, patient in self.cids.items():
            texts = self.practice.texts(cid)
            assert [text for party, text in texts if party == "visitor"] == patient.said
            sent = [text for party, text in texts if party == "desk"]
            wait_for(lambda patient=patient: list(patient.shown), lambda shown, sent=sent: shown == sent, what="order")
            assert not patient.alarms
            assert not [code for code in patient.refused if code != "unknown"], patient
            assert self.practice.thread(cid).peer.alarms == ()

    def _speak(self) -> None:
        for patient in self.cids.values():
            for _ in range(self._random.randint(0, 3)):
                self.house.say(patient, self._token("p"))

    def _answer(self) -> None:
        for _ in range(self._random.randint(0, 2)):
            cid, text = self._random.choice(list(self.cids)), self._token("d")
            self.practice.reply(cid, text)
            self.promised.setdefault(cid, []).append(text)

    def _answer_without_waiting(self) -> tuple[ConversationId, str]:
        cid, text = self._random.choice(list(self.cids)), self._token("d")
        self.practice.console.begin("reply", cid, text)
        return cid, text

    def _token(self, side: str) -> str:
        self._number += 1
        return f"{side}{self._number}"
