"""The filters as programs: run here on made-up calls, instruction by instruction, as the kernel would."""

import errno
import struct
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.isolation import wall
from app.isolation.bpf import (
    RET_ALLOW,
    RET_ERRNO,
    RET_KILL_PROCESS,
    AllowValues,
    Instruction,
    Refuse,
    RequireBit,
    assemble,
)
from app.isolation.confine import worker_rules
from app.isolation.syscalls import MACHINES, NEWEST_KNOWN, Machine, known_calls

X86_64, AARCH64 = MACHINES["x86_64"], MACHINES["aarch64"]
BOTH = pytest.mark.parametrize("machine", [X86_64, AARCH64], ids=lambda machine: machine.name)
I386_ARCH, ARM_ARCH = 0x40000003, 0x40000028
OWN_PID = 4321


def run(program: Sequence[Instruction], number: int, arch: int, *arguments: int) -> int:
    """Interpret a filter as ``kernel/bpf`` does, for the five instructions that we use."""
    padded = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    data = struct.pack("<IIQ6Q", number, arch, 0, *padded)
    accumulator, place = 0, 0
    while True:
        step = program[place]
        place += 1
        if step.code == 0x20:
            accumulator = struct.unpack_from("<I", data, step.operand)[0]
        elif step.code == 0x06:
            return step.operand
        else:
            is_true = {
                0x15: accumulator == step.operand,
                0x25: accumulator > step.operand,
                0x45: bool(accumulator & step.operand),
            }[step.code]
            place += step.if_true if is_true else step.if_false


def call(program: Sequence[Instruction], machine: Machine, name: str, *arguments: int) -> int:
    number = machine.number(name)
    assert number is not None
    return run(program, number, machine.audit_arch, *arguments)


@BOTH
def test_the_wall_lets_only_local_sockets_pass(machine: Machine) -> None:
    program = assemble(machine, wall.RULES)
    refused = RET_ERRNO | errno.EACCES
    assert call(program, machine, "socket", 1) == RET_ALLOW
    assert call(program, machine, "socketpair", 1) == RET_ALLOW
    assert [call(program, machine, "socket", family) for family in (0, 2, 10, 16, 17, 38, 40, 45)] == [refused] * 8
    assert call(program, machine, "socket", 1 << 32 | 2) == refused, (
        "the kernel looks at the low half only, and so do we"
    )
    assert call(program, machine, "socket", 1 << 32 | 1) == RET_ALLOW
    assert call(program, machine, "io_uring_setup") == RET_ERRNO | errno.EPERM
    assert call(program, machine, "connect") == RET_ALLOW


@BOTH
def test_a_foreign_abi_kills_the_process(machine: Machine) -> None:
    for rules in (wall.RULES, worker_rules(OWN_PID)):
        program = assemble(machine, rules)
        for arch in (I386_ARCH, ARM_ARCH, 0):
            assert run(program, 1, arch) == RET_KILL_PROCESS


def test_the_x32_numbers_of_x86_64_kill_the_process() -> None:
    program = assemble(X86_64, wall.RULES)
    assert run(program, 0x40000000 | 41, X86_64.audit_arch, 2) == RET_KILL_PROCESS


@BOTH
def test_a_worker_may_not_even_make_a_local_socket(machine: Machine) -> None:
    program = assemble(machine, worker_rules(OWN_PID), newest_call=NEWEST_KNOWN)
    for name in ("socket", "socketpair", "connect", "bind", "accept4", "sendto", "sendmsg", "recvmsg"):
        assert call(program, machine, name, 1) == RET_ERRNO | errno.EACCES


@BOTH
def test_a_worker_reaches_no_other_process(machine: Machine) -> None:
    program = assemble(machine, worker_rules(OWN_PID), newest_call=NEWEST_KNOWN)
    refused = RET_ERRNO | errno.EPERM
    for name in ("ptrace", "process_vm_readv", "pidfd_getfd", "execve", "execveat", "setns", "bpf", "unshare"):
        assert call(program, machine, name) == refused
    for name in ("kill", "tgkill"):
        assert call(program, machine, name, OWN_PID) == RET_ALLOW
        assert call(program, machine, name, 1) == refused
        assert call(program, machine, name, 0xFFFFFFFF) == refused
    assert call(program, machine, "prlimit64", 0) == RET_ALLOW
    assert call(program, machine, "prlimit64", 1) == refused


@BOTH
def test_a_worker_may_start_threads_but_no_processes(machine: Machine) -> None:
    program = assemble(machine, worker_rules(OWN_PID), newest_call=NEWEST_KNOWN)
    thread_flags, fork_flags = 0x3D0F00, 0x1200011
    assert call(program, machine, "clone", thread_flags) == RET_ALLOW
    assert call(program, machine, "clone", fork_flags) == RET_ERRNO | errno.EPERM
    assert call(program, machine, "clone3") == RET_ERRNO | errno.ENOSYS


@BOTH
def test_calls_newer_than_we_know_do_not_exist_for_a_worker(machine: Machine) -> None:
    program = assemble(machine, worker_rules(OWN_PID), newest_call=NEWEST_KNOWN)
    assert run(program, NEWEST_KNOWN + 1, machine.audit_arch) == RET_ERRNO | errno.ENOSYS
    assert run(program, NEWEST_KNOWN, machine.audit_arch) == RET_ALLOW
    assert run(assemble(machine, wall.RULES), NEWEST_KNOWN + 1, machine.audit_arch) == RET_ALLOW


def test_each_kind_of_rule_decides_only_its_own_call() -> None:
    rules = (Refuse("ptrace"), AllowValues("kill", 0, (5, 6)), RequireBit("clone", 0, 0b100, errno.EAGAIN))
    program = assemble(X86_64, rules)
    assert call(program, X86_64, "ptrace", 5) == RET_ERRNO | errno.EPERM
    assert [call(program, X86_64, "kill", pid) for pid in (4, 5, 6, 7)] == [
        RET_ERRNO | errno.EPERM,
        RET_ALLOW,
        RET_ALLOW,
        RET_ERRNO | errno.EPERM,
    ]
    assert call(program, X86_64, "clone", 0b110) == RET_ALLOW
    assert call(program, X86_64, "clone", 0b011) == RET_ERRNO | errno.EAGAIN
    assert call(program, X86_64, "socket", 2) == RET_ALLOW


def test_a_call_that_a_machine_lacks_is_left_out() -> None:
    assert AARCH64.number("fork") is None
    assert len(assemble(AARCH64, (Refuse("fork"),))) == len(assemble(AARCH64, ()))


def test_instructions_are_packed_as_the_kernel_reads_them() -> None:
    assert Instruction(0x15, 1, 2, 0xC000003E).pack() == bytes.fromhex("1500 01 02 3e0000c0".replace(" ", ""))


def numbers_in(header: Path) -> dict[str, int]:
    found = {}
    for line in header.read_text().splitlines():
        words = line.split()
        if len(words) >= 3 and words[0] == "#define" and words[2].isdigit():
            found[words[1].removeprefix("__NR_").removeprefix("__NR3264_")] = int(words[2])
    return found


@pytest.mark.parametrize(
    ("machine", "header"),
    [
        (X86_64, Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")),
        (AARCH64, Path("/usr/include/asm-generic/unistd.h")),
    ],
    ids=lambda value: value.name,
)
def test_the_numbers_are_those_of_the_kernel_headers(machine: Machine, header: Path) -> None:
    if not header.exists():
        pytest.skip("the kernel headers of this machine are not installed")
    real = numbers_in(header)
    ours = {name: machine.number(name) for name in known_calls()}
    assert {name: number for name, number in ours.items() if number != real.get(name)} == {}
