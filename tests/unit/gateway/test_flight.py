"""Frames on their way: limits in all and of each mailbox, no gap, no repeat, and nobody waits for somebody else."""

import asyncio
import random

import pytest

from app.domain.post import DESK_IN_FLIGHT, DESK_IN_FLIGHT_OF_ONE, MAX_IN_FLIGHT
from app.gateway.flight import Flight
from app.gateway.mailbox import Held

A, B = b"a" * 16, b"b" * 16


class Box:
    """What waits at a gateway."""

    def __init__(self):
        self.frames = []

    def put(self, address, number=1):
        for _ in range(number):
            place = len(self.frames) + 1
            self.frames.append(Held(place, address, 10 * place, b"%d" % place))

    async def waiting(self, address, after, limit):
        found = [held for held in self.frames if held.place > after and address in (None, held.address)]
        return found[:limit]


def fly(flight, box):
    async def all_of_it():
        found, has_more = [], True
        while has_more:
            some, has_more = await flight.next(box.waiting)
            found += some
        return found

    return asyncio.run(all_of_it())


@pytest.fixture
def box():
    return Box()


def test_a_mailbox_that_is_not_taken_does_not_stop_the_others(box):
    flight = Flight(is_desk=True)
    box.put(A, 1_000)
    box.put(B, 3)
    found = fly(flight, box)
    assert [held.address for held in found].count(A) == DESK_IN_FLIGHT_OF_ONE
    assert [held.address for held in found].count(B) == 3


def test_it_goes_on_where_it_stood_once_some_of_it_landed(box):
    flight = Flight(is_desk=True)
    box.put(A, 100)
    box.put(B)
    first = [held for held in fly(flight, box) if held.address == A]
    box.put(A, 10)
    flight.landed(A, first[39].seq)
    second = [held for held in fly(flight, box) if held.address == A]
    assert [held.place for held in first + second] == [held.place for held in box.frames if held.address == A][:104]
    flight.landed(A, second[-1].seq)
    third = fly(flight, box)
    assert [held.place for held in third] == [held.place for held in box.frames if held.address == A][104:]
    box.put(A)
    assert [held.place for held in fly(flight, box)] == [box.frames[-1].place]


def test_all_together_have_a_limit_too(box):
    flight = Flight(is_desk=True)
    for number in range(100):
        box.put(number.to_bytes(16), DESK_IN_FLIGHT_OF_ONE)
    assert len(fly(flight, box)) == DESK_IN_FLIGHT
    flight.landed_all(2**53 - 1)
    assert len(fly(flight, box)) == 100 * DESK_IN_FLIGHT_OF_ONE - DESK_IN_FLIGHT


def test_a_patient_has_one_limit(box):
    flight = Flight(is_desk=False)
    box.put(A, 300)
    assert len(fly(flight, box)) == MAX_IN_FLIGHT


@pytest.mark.parametrize("seed", range(20))
def test_whatever_the_order_of_writing_and_taking_each_mailbox_arrives_whole_and_in_order(box, seed):
    dice, flight, got = random.Random(seed), Flight(is_desk=True), {}
    mailboxes = [bytes([number]) * 16 for number in range(4)]
    for _ in range(60):
        box.put(dice.choice(mailboxes), dice.randint(0, 40))
        for held in fly(flight, box):
            got.setdefault(held.address, []).append(held.seq)
        address = dice.choice(mailboxes)
        if got.get(address):
            flight.landed(address, dice.choice(got[address][-80:]))
    for address in mailboxes * 40:
        flight.landed(address, 2**50)
        for held in fly(flight, box):
            got.setdefault(held.address, []).append(held.seq)
    for address in mailboxes:
        assert got.get(address, []) == [held.seq for held in box.frames if held.address == address]
