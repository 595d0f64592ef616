"""A small assembler for seccomp filters: rules in, a classic-BPF program out; and its loading.

Deciding (``assemble``) and doing (``load``) are apart, so that a test can run the program on made-up calls.

Layout of ``struct seccomp_data`` (native byte order)::

    number 4 B | audit arch 4 B | instruction pointer 8 B | arguments 6 times 8 B

Source: Linux ``Documentation/userspace-api/seccomp_filter.rst``, ``include/uapi/linux/{filter,seccomp,bpf_common}.h``.
"""

import ctypes
import errno
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.isolation.syscalls import Machine, prctl, raw_call

RET_ALLOW: Final = 0x7FFF0000
RET_ERRNO: Final = 0x00050000
RET_KILL_PROCESS: Final = 0x80000000

_LOAD_WORD: Final = 0x20  # BPF_LD | BPF_W | BPF_ABS
_JUMP_EQUAL: Final = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_JUMP_GREATER: Final = 0x25  # BPF_JMP | BPF_JGT | BPF_K
_JUMP_ANY_BIT: Final = 0x45  # BPF_JMP | BPF_JSET | BPF_K
_RETURN: Final = 0x06  # BPF_RET | BPF_K

_OFFSET_NUMBER: Final = 0
_OFFSET_ARCH: Final = 4
_OFFSET_ARGUMENTS: Final = 16

_PR_SET_NO_NEW_PRIVS: Final = 38
_SECCOMP_SET_MODE_FILTER: Final = 1
_SECCOMP_FILTER_FLAG_TSYNC: Final = 1

MAX_INSTRUCTIONS: Final = 4096
"""BPF_MAXINSNS; the kernel refuses longer programs."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """Answer ``call`` with an error, whatever its arguments."""

    call: str
    error: int = errno.EPERM


@dataclass(frozen=True, slots=True)
class AllowValues:
    """Allow ``call`` only when the low 32 bits of one argument are among ``values``."""

    call: str
    argument: int
    values: tuple[int, ...]
    error: int = errno.EPERM


@dataclass(frozen=True, slots=True)
class RequireBit:
    """Allow ``call`` only when any bit of ``mask`` is set in the low 32 bits of one argument."""

    call: str
    argument: int
    mask: int
    error: int = errno.EPERM


Rule = Refuse | AllowValues | RequireBit


@dataclass(frozen=True, slots=True)
class Instruction:
    """One ``struct sock_filter``: code 2 B, jump-if-true 1 B, jump-if-false 1 B, operand 4 B."""

    code: int
    if_true: int
    if_false: int
    operand: int

    def pack(self) -> bytes:
        """Return the eight bytes."""
        return struct.pack("=HBBI", self.code, self.if_true, self.if_false, self.operand)


def assemble(machine: Machine, rules: Sequence[Rule], *, newest_call: int | None = None) -> tuple[Instruction, ...]:
    """Return a program that applies ``rules`` and allows everything they do not name.

    A foreign ABI kills the process: its numbers mean other calls (on x86-64: i386 and x32).

    Args:
        machine: whose numbers to use.
        rules: the first that names a call decides it.
        newest_call: calls with a greater number are answered ENOSYS; None lets them pass.
    """
    program = [_load(_OFFSET_ARCH), _jump(_JUMP_EQUAL, machine.audit_arch, 1, 0), _return(RET_KILL_PROCESS)]
    program.append(_load(_OFFSET_NUMBER))
    if machine.x32_bit is not None:
        program += [_jump(_JUMP_ANY_BIT, machine.x32_bit, 0, 1), _return(RET_KILL_PROCESS)]
    if newest_call is not None:
        program += [_jump(_JUMP_GREATER, newest_call, 0, 1), _return(RET_ERRNO | errno.ENOSYS)]
    for rule in rules:
        number = machine.number(rule.call)
        if number is not None:
            program += _compile(rule, number)
    program.append(_return(RET_ALLOW))
    if len(program) > MAX_INSTRUCTIONS:
        raise ValueError("seccomp program too long")
    return tuple(program)


def load(machine: Machine, program: Sequence[Instruction]) -> int:
    """Put ``program`` on every thread of this process for good; return 0 or the errno.

    Sets ``no_new_privs`` first, which an unprivileged filter needs. Filters survive fork and exec.
    """
    _, error = prctl(_PR_SET_NO_NEW_PRIVS, 1)
    if error:
        return error
    code = b"".join(instruction.pack() for instruction in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    header = _SockFprog(len(program), ctypes.addressof(buffer))
    result, error = raw_call(
        machine,
        "seccomp",
        ctypes.c_ulong(_SECCOMP_SET_MODE_FILTER),
        ctypes.c_ulong(_SECCOMP_FILTER_FLAG_TSYNC),
        ctypes.byref(header),
    )
    # With TSYNC a positive result is the id of a thread that could not be brought along: not confined.
    return errno.EBUSY if result > 0 else error


class _SockFprog(ctypes.Structure):
    """``struct sock_fprog``: length 2 B, padding, pointer."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def _compile(rule: Rule, number: int) -> list[Instruction]:
    body = _body(rule)
    return [_jump(_JUMP_EQUAL, number, 0, len(body)), *body]


def _body(rule: Rule) -> list[Instruction]:
    """Return what runs once the number matched; every path of it ends in a return."""
    refuse = _return(RET_ERRNO | rule.error)
    if isinstance(rule, Refuse):
        return [refuse]
    load_argument = _load(_OFFSET_ARGUMENTS + 8 * rule.argument)  # low word first: both machines are little-endian
    if isinstance(rule, RequireBit):
        return [load_argument, _jump(_JUMP_ANY_BIT, rule.mask, 1, 0), refuse, _return(RET_ALLOW)]
    count = len(rule.values)
    compares = [_jump(_JUMP_EQUAL, value, count - place, 0) for place, value in enumerate(rule.values)]
    return [load_argument, *compares, refuse, _return(RET_ALLOW)]


def _load(offset: int) -> Instruction:
    return Instruction(_LOAD_WORD, 0, 0, offset)


def _jump(code: int, operand: int, if_true: int, if_false: int) -> Instruction:
    return Instruction(code, if_true, if_false, operand)


def _return(value: int) -> Instruction:
    return Instruction(_RETURN, 0, 0, value)
