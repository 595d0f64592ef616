"""The choice between all threads and one, with made-up times on a made-up clock."""

from dataclasses import dataclass

from app.inference.threads import FIRST_RETRY_S, LAST_RETRY_S, TRIAL_TOKENS, ThreadGovernor


@dataclass
class Machine:
    """Answers how long a token takes: alone, and together while the machine is idle or busy."""

    alone_s: float = 0.004
    together_s: float = 0.002
    busy_s: float = 0.4
    is_busy: bool = False
    now_s: float = 100.0

    def governor(self, threads: int = 2) -> ThreadGovernor:
        return ThreadGovernor(threads, self.together_s, lambda: self.now_s)

    def compute(self, governor: ThreadGovernor, tokens: int) -> list[int]:
        used = []
        for _ in range(tokens):
            used.append(governor.threads)
            together_s = self.busy_s if self.is_busy else self.together_s
            token_s = self.alone_s if governor.threads == 1 else together_s
            self.now_s += token_s
            governor.note(token_s)
        return used


def test_on_an_idle_machine_all_threads_work() -> None:
    machine = Machine()
    assert set(machine.compute(machine.governor(), 500)) == {2}


def test_when_the_machine_gets_busy_then_one_goes_on_alone_after_two_slow_tokens() -> None:
    machine = Machine()
    governor = machine.governor()
    machine.compute(governor, 10)
    machine.is_busy = True
    assert machine.compute(governor, 6) == [2, 2, 1, 1, 1, 1]


def test_a_single_slow_token_changes_nothing() -> None:
    machine = Machine()
    governor = machine.governor()
    for token_s in (0.002, 0.9, 0.002, 0.9, 0.002):
        governor.note(token_s)
        assert governor.threads == 2


def test_when_tokens_are_slow_because_the_context_is_long_then_all_threads_go_on_after_a_trial() -> None:
    machine = Machine()
    governor = machine.governor()
    machine.alone_s, machine.together_s = 0.04, 0.02
    used = machine.compute(governor, 100)
    assert used[:2] == [2, 2]
    assert used.count(1) == TRIAL_TOKENS
    assert used[-1] == 2


def test_when_the_machine_is_idle_again_then_all_threads_come_back() -> None:
    machine = Machine(is_busy=True)
    governor = machine.governor()
    machine.compute(governor, 10)
    assert governor.threads == 1
    machine.is_busy = False
    used = machine.compute(governor, int(FIRST_RETRY_S / machine.alone_s) + 20)
    assert used[-5:] == [2] * 5


def test_while_the_machine_stays_busy_the_trials_get_rarer() -> None:
    machine = Machine(is_busy=True)
    governor = machine.governor()
    used = machine.compute(governor, 20_000)
    slow = used.count(2)
    assert machine.now_s - 100 > 5 * LAST_RETRY_S
    assert slow < 30, "each costs 0.4 s on this machine"


def test_a_retry_is_due_only_while_one_is_alone_and_time_has_passed() -> None:
    machine = Machine(is_busy=True)
    governor = machine.governor()
    assert not governor.retry_if_due()
    machine.compute(governor, 10)
    assert not governor.retry_if_due()
    machine.now_s += FIRST_RETRY_S
    assert governor.retry_if_due()
    assert governor.threads == 2


def test_with_one_thread_there_is_nothing_to_choose() -> None:
    machine = Machine(is_busy=True)
    assert set(machine.compute(machine.governor(threads=1), 100)) == {1}


def test_ordinary_times_need_not_be_noted_and_after_a_suspicious_one_every_time_counts() -> None:
    machine = Machine()
    governor = machine.governor()
    assert governor.calm_s >= 2 * machine.together_s
    governor.note(1.0)
    assert governor.calm_s == 0.0
    governor.note(machine.together_s)
    assert governor.calm_s >= 2 * machine.together_s
    machine.is_busy = True
    machine.compute(governor, 10)
    assert (governor.threads, governor.calm_s) == (1, 0.0)
    assert machine.governor(threads=1).calm_s == float("inf")
