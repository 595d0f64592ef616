"""The wizard's rules without a window: its route, what it says of a machine, and how the paper is proven."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.crypto.passwords import PasswordReason, PasswordVerdict, check_password
from app.crypto.recovery_code import RecoveryCode
from app.domain.office import Office, Sector
from app.services.ports import ProblemCode
from app.ui.first_run.code_check import ASKED_GROUPS, choose_groups, split_groups, with_typed
from app.ui.first_run.machine import Level, MachineFacts, Topic, inspect, judge
from app.ui.first_run.steps import Answers, Start, Step, is_vault_made, route, step_after, step_before, wanted_office
from app.ui.first_run.words import STEP_NAMES, say_date, say_problem, say_seconds
from app.ui.lock.password_words import say_verdict

DEMO = Answers(Sector.CLINIC, Start.DEMO, "", "Dana")
EMPTY = Answers(Sector.LAW, Start.EMPTY, "Harbour Street Law", "Dana")
GOOD = MachineFacts(
    cores=2,
    memory_bytes=8 * 1024**3,
    free_disk_bytes=50 * 1024**3,
    has_fast_sums=True,
    has_plain_swap=False,
    landlock_abi=3,
    is_wall_up=True,
)


class TestRoute:
    def test_a_demo_is_not_asked_for_a_name(self) -> None:
        assert Step.OFFICE not in route(DEMO)
        assert Step.OFFICE in route(EMPTY)

    @pytest.mark.parametrize("answers", [DEMO, EMPTY])
    def test_walking_forward_visits_every_page_once(self, answers: Answers) -> None:
        walked = [Step.WELCOME]
        while walked[-1] is not Step.DONE:
            walked.append(step_after(walked[-1], answers))
        assert tuple(walked) == route(answers)
        assert step_after(Step.DONE, answers) is Step.DONE

    @pytest.mark.parametrize("answers", [DEMO, EMPTY])
    def test_back_leads_to_the_page_before_except_where_the_vault_was_just_made(self, answers: Answers) -> None:
        way = route(answers)
        for place, step in enumerate(way):
            before = step_before(step, answers)
            if step in {Step.WELCOME, Step.CREATING, Step.CODE}:
                assert before is None
            else:
                assert before is way[place - 1]

    def test_back_never_leads_from_a_made_vault_to_its_making(self) -> None:
        for step in Step:
            before = step_before(step, EMPTY)
            if before is not None and is_vault_made(step):
                assert is_vault_made(before)

    def test_every_page_has_a_name(self) -> None:
        assert set(STEP_NAMES) == set(Step)

    def test_the_office_is_what_was_answered(self) -> None:
        assert wanted_office(DEMO, "Linden Street") == Office("Linden Street", Sector.CLINIC, is_demo=True)
        assert wanted_office(EMPTY, "ignored") == Office("Harbour Street Law", Sector.LAW, is_demo=False)
        with pytest.raises(ValueError, match="asked"):
            wanted_office(Answers(), "")


class TestMachine:
    def test_a_good_machine_gives_no_concern(self) -> None:
        assert {finding.level for finding in judge(GOOD)} == {Level.GOOD}

    @pytest.mark.parametrize(
        ("change", "topic", "level"),
        [
            ({"cores": 1}, Topic.CORES, Level.NOTICE),
            ({"memory_bytes": 3 * 1024**3}, Topic.MEMORY, Level.NOTICE),
            ({"memory_bytes": 1024**3}, Topic.MEMORY, Level.CONCERN),
            ({"free_disk_bytes": 2 * 1024**3}, Topic.DISK, Level.NOTICE),
            ({"free_disk_bytes": 1024**2}, Topic.DISK, Level.CONCERN),
            ({"has_fast_sums": False}, Topic.SUMS, Level.NOTICE),
            ({"has_plain_swap": True}, Topic.SWAP, Level.CONCERN),
            ({"has_plain_swap": None}, Topic.SWAP, Level.NOTICE),
            ({"landlock_abi": 0}, Topic.CONFINEMENT, Level.CONCERN),
            ({"is_wall_up": False}, Topic.WALL, Level.CONCERN),
        ],
    )
    def test_what_is_not_good_is_said(self, change: dict[str, object], topic: Topic, level: Level) -> None:
        findings = {finding.topic: finding for finding in judge(replace(GOOD, **change))}
        assert findings[topic].level is level
        assert findings[topic].title
        assert findings[topic].words.endswith(".")
        others = [finding for finding in findings.values() if finding.topic is not topic]
        assert {finding.level for finding in others} == {Level.GOOD}

    def test_this_machine_can_be_inspected_before_the_vault_exists(self, tmp_path: Path) -> None:
        facts = inspect(tmp_path / "not" / "yet" / "there")
        assert facts.cores >= 1
        assert facts.memory_bytes > 100 * 1024**2
        assert facts.is_wall_up, "the suite runs behind the wall"

    @pytest.mark.parametrize(
        ("swaps", "uuid", "is_plain"),
        [
            ("", None, False),
            ("/dev/sda3 partition 100 0 -2", None, True),
            ("/swapfile file 100 0 -2", None, True),
            ("/dev/dm-1 partition 100 0 -2", "CRYPT-PLAIN-swap", False),
            ("/dev/dm-1 partition 100 0 -2", "LVM-abc", True),
            ("/dev/zram0 partition 100 0 100", None, False),
            ("/dev/zram0 partition 100 0 100\n/dev/sda3 partition 1 0 -2", None, True),
        ],
    )
    def test_only_swap_that_is_in_memory_or_encrypted_is_safe(
        self, tmp_path: Path, swaps: str, uuid: str | None, is_plain: bool
    ) -> None:
        proc, sys = _fake_kernel(tmp_path, swaps=swaps)
        if uuid is not None:
            (sys / "class/block/dm-1/dm").mkdir(parents=True)
            (sys / "class/block/dm-1/dm/uuid").write_text(uuid)
        assert inspect(tmp_path, proc, sys).has_plain_swap is is_plain

    def test_swap_that_cannot_be_read_is_said_to_be_unknown(self, tmp_path: Path) -> None:
        proc, sys = _fake_kernel(tmp_path, swaps=None)
        assert inspect(tmp_path, proc, sys).has_plain_swap is None

    @pytest.mark.parametrize(
        ("cpuinfo", "is_fast"),
        [
            ("flags\t\t: fpu sse avx avx2 f16c", True),
            ("flags\t\t: fpu sse avx avx2", False),
            ("flags\t\t: fpu sse", False),
            ("Features\t: fp asimd crc32", True),
            ("", False),
        ],
    )
    def test_the_processor_is_judged_by_its_flags(self, tmp_path: Path, cpuinfo: str, is_fast: bool) -> None:
        proc, sys = _fake_kernel(tmp_path, cpuinfo=cpuinfo)
        assert inspect(tmp_path, proc, sys).has_fast_sums is is_fast


class TestCodeCheck:
    def test_three_different_groups_are_asked_in_rising_order(self) -> None:
        for _ in range(50):
            asked = choose_groups(13)
            assert len(set(asked)) == ASKED_GROUPS
            assert list(asked) == sorted(asked)
            assert 1 <= asked[0] <= asked[-1] <= 13

    def test_every_group_is_asked_at_some_time(self) -> None:
        assert {number for _ in range(300) for number in choose_groups(13)} == set(range(1, 14))

    def test_what_was_typed_stands_in_its_place(self) -> None:
        code = RecoveryCode.generate()
        groups = split_groups(str(code))
        typed = {number: f" {groups[number - 1].lower()} " for number in (2, 7, 13)}
        assert RecoveryCode.parse(with_typed(groups, typed)) == code

    def test_a_group_that_was_not_typed_is_not_filled_in(self) -> None:
        groups = split_groups(str(RecoveryCode.generate()))
        assert with_typed(groups, {3: "  "}).split("-")[2] == "?"


class TestWords:
    @pytest.mark.parametrize("reason", list(PasswordReason))
    def test_every_reason_against_a_password_has_words(self, reason: PasswordReason) -> None:
        assert say_verdict(PasswordVerdict(0, reason), 20).endswith(".")

    def test_a_short_password_is_told_how_much_is_missing(self) -> None:
        assert say_verdict(check_password("short words"), 11) == "4 more characters needed."
        assert say_verdict(check_password("fourteen chars"), 14) == "1 more character needed."

    @pytest.mark.parametrize("code", [*ProblemCode, None])
    def test_every_problem_has_words(self, code: ProblemCode | None) -> None:
        assert say_problem(code).endswith(".")

    def test_dates_have_no_leading_zero(self) -> None:
        assert say_date(date(2026, 11, 3)) == "3 Nov 2026"

    @pytest.mark.parametrize(("ms", "words"), [(None, "unknown"), (140, "140 ms"), (1_449, "1.4 s")])
    def test_times_are_said_as_people_say_them(self, ms: int | None, words: str) -> None:
        assert say_seconds(ms) == words


def _fake_kernel(folder: Path, *, swaps: str | None = "", cpuinfo: str = "") -> tuple[Path, Path]:
    proc, sys = folder / "proc", folder / "sys"
    proc.mkdir()
    sys.mkdir()
    (proc / "meminfo").write_text("MemTotal:        8000000 kB\n")
    (proc / "cpuinfo").write_text(cpuinfo)
    if swaps is not None:
        (proc / "swaps").write_text("Filename Type Size Used Priority\n" + swaps)
    return proc, sys
