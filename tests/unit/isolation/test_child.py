"""Supervised children: processes that end well, badly, or do not want to end; and what a confined one is given.

Scenarios: never started, finished, failed, crashed, killed because it lingers, died in a frame, talks nonsense, floods
standard error; refused to start; sees nothing of its parent.
"""

import json
import shutil
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import app
from app.isolation import child as child_module
from app.isolation.child import Fate, SupervisedChild, WorkerOutcome
from app.isolation.errors import FrameError, FrameProblem, PipeClosedError
from app.isolation.frames import Frame, Shape, text
from app.isolation.orders import CONFINED, REFUSED, UNCONNECTED, Grants

SAY = Shape(40, "say", {"text": text(100_000)})

SCRIPT_HEAD = """
import json, os, signal, struct, sys, time
def send(body, kind=40):
    raw = json.dumps(body).encode()
    sys.stdout.buffer.write(struct.pack(">IB", len(raw) + 1, kind) + raw)
    sys.stdout.buffer.flush()
def wait_for_end():
    while sys.stdin.buffer.read(1):
        pass
"""

PROBE = """
import json, os, sys, threading
from app.isolation.frames import Frame, FrameReader, FrameWriter, Protocol, Shape, text

SAY = Shape(40, "say", {"text": text(100_000)})

def attempt(action):
    try:
        return action()
    except Exception as problem:
        return type(problem).__name__

def run(pipe_in, pipe_out):
    protocol = Protocol(SAY)
    question = FrameReader(pipe_in, protocol).read().body["text"]
    print("a library that prints to standard output")
    os.write(1, b"and one that does it in C")
    answer = eval(question)
    FrameWriter(pipe_out, protocol).write(Frame(SAY, {"text": json.dumps(answer)}))
    return 0
"""


class ScriptedChild(SupervisedChild):
    """Runs a script of ours in place of the confined start, so that it can misbehave."""

    def __init__(self, script: str) -> None:
        super().__init__("scripted", entry="app.none", grants=Grants(), to_child=(SAY,), from_child=(SAY,))
        self._script = script

    def _command(self) -> list[str]:
        return [sys.executable, "-I", "-S", "-c", SCRIPT_HEAD + self._script]


class InstalledChild(SupervisedChild):
    """The real start, from a copy of the package elsewhere, as an installed wheel has it, with one more module."""

    def __init__(self, site: Path, grants: Grants, entry: str = "app.probe") -> None:
        super().__init__("installed", entry=entry, grants=grants, to_child=(SAY,), from_child=(SAY,))
        self._site = site

    def _command(self) -> list[str]:
        return [*super()._command()[:-1], str(self._site / "app" / "isolation" / "start.py")]


@contextmanager
def running(child: SupervisedChild) -> Iterator[SupervisedChild]:
    child.start()
    try:
        yield child
    finally:
        child.kill()
        child.close()
        child.close_pipes()


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder like site-packages, with our package and a third-party one in it."""
    source = Path(app.__file__).parent
    shutil.copytree(source / "isolation", tmp_path / "app" / "isolation", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(source / "__init__.py", tmp_path / "app")
    (tmp_path / "app" / "probe.py").write_text(PROBE)
    (tmp_path / "app" / "broken.py").write_text("raise RuntimeError('at import')")
    (tmp_path / "thirdparty").mkdir()
    (tmp_path / "thirdparty" / "__init__.py").write_text("from thirdparty.part import VALUE")
    (tmp_path / "thirdparty" / "part.py").write_text("VALUE = 'imported'")
    (tmp_path / "startup.pth").write_text("import sys; sys.path_file_was_run = True")
    return tmp_path


def ask(site: Path, expression: str, grants: Grants | None = None) -> object:
    with running(InstalledChild(site, grants or Grants())) as child:
        assert child.read().shape is CONFINED
        child.send(Frame(SAY, {"text": expression}))
        return json.loads(child.read().body["text"])


def ending(script: str) -> WorkerOutcome:
    with running(ScriptedChild(script)) as child:
        with pytest.raises(PipeClosedError):
            child.read()
        return child.close()


def test_a_child_that_was_never_started_says_so() -> None:
    child = ScriptedChild("")
    assert child.close() == WorkerOutcome(Fate.NEVER_STARTED)
    assert child.pid is None


def test_a_child_that_ends_when_its_pipe_closes_has_finished() -> None:
    with running(ScriptedChild("send({'text': 'ready'}); wait_for_end()")) as child:
        assert child.read().body["text"] == "ready"
        assert child.close() == WorkerOutcome(Fate.FINISHED, exit_status=0)


def test_a_child_that_ends_with_a_status_has_failed() -> None:
    assert ending("sys.exit(3)") == WorkerOutcome(Fate.FAILED, exit_status=3)


def test_a_child_that_a_signal_ended_has_crashed() -> None:
    outcome = ending("os.kill(os.getpid(), signal.SIGSEGV)")
    assert (outcome.fate, outcome.signal) == (Fate.CRASHED, signal.SIGSEGV)


def test_a_child_that_does_not_end_is_killed_with_its_whole_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_module, "GRACE_S", 0.05)
    script = "pid = os.fork()\nif pid: send({'text': str(pid)})\ntime.sleep(60)"
    with running(ScriptedChild(script)) as child:
        grandchild = int(child.read().body["text"])
        outcome = child.close()
        with pytest.raises(PipeClosedError):  # nobody holds the other end any more: the grandchild is gone as well
            child.read()
    assert (outcome.fate, outcome.signal) == (Fate.KILLED, signal.SIGKILL)
    assert not Path(f"/proc/{grandchild}/cmdline").exists() or not Path(f"/proc/{grandchild}/cmdline").read_bytes()


def test_a_child_that_not_even_the_kernel_can_end_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_module, "GRACE_S", 0.05)
    monkeypatch.setattr(child_module, "FORCE_S", 0.05)
    with running(ScriptedChild("send({'text': 'here'}); time.sleep(60)")) as child:
        child.read()
        with monkeypatch.context() as patch:
            patch.setattr(child, "kill", lambda: None)  # as for a process that waits for a dead disk
            assert child.close().fate is Fate.LINGERING
        monkeypatch.undo()


def test_a_child_that_dies_in_the_middle_of_a_frame_is_noticed() -> None:
    script = "sys.stdout.buffer.write(struct.pack('>IB', 1000, 40) + b'half'); sys.stdout.buffer.flush()"
    with running(ScriptedChild(script)) as child:
        with pytest.raises(PipeClosedError) as caught:
            child.read()
        assert caught.value.code is FrameProblem.TRUNCATED


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        ("sys.stdout.buffer.write(b'\\xff' * 100)", FrameProblem.TOO_LONG),
        ("send({'text': 'x'}, kind=99)", FrameProblem.UNKNOWN_KIND),
        ("send({'text': 1})", FrameProblem.WRONG_SHAPE),
        ("send('text')", FrameProblem.WRONG_SHAPE),
    ],
)
def test_a_child_that_talks_nonsense_is_refused(script: str, problem: FrameProblem) -> None:
    with running(ScriptedChild(script)) as child, pytest.raises(FrameError) as caught:
        child.read()
    assert caught.value.code is problem


def test_a_flood_on_standard_error_blocks_nobody_and_is_only_counted() -> None:
    script = (
        "sys.stderr.write('Canary Quillfeather' * 50_000); sys.stderr.flush(); send({'text': 'done'}); wait_for_end()"
    )
    with running(ScriptedChild(script)) as child:
        assert child.read().body["text"] == "done"
        outcome = child.close()
    assert outcome.stderr_bytes == 19 * 50_000
    kept = {name: value for name, value in vars(child).items() if name != "_script"}
    assert "Canary" not in repr(outcome) + repr(kept)


def test_developers_see_standard_error_without_control_characters() -> None:
    seen: list[str] = []
    child = ScriptedChild("sys.stderr.write('plain\\x1b[31mred\\n'); sys.stderr.flush(); wait_for_end()")
    child._on_stderr = seen.append
    with running(child):
        child.close()
    assert "".join(seen) == "plain?[31mred\n"


def test_when_the_child_is_gone_then_sending_says_so() -> None:
    with running(ScriptedChild("pass")) as child:
        child.close()
        with pytest.raises(PipeClosedError):
            child.send(Frame(SAY, {"text": "anybody there"}))


def test_a_confined_child_has_an_empty_environment(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_THE_CONSOLE", "x")
    own_choice = {"LC_CTYPE": "C.UTF-8"}  # Python puts it there itself when it starts with nothing (PEP 538)
    assert ask(site, "dict(os.environ)") in ({}, own_choice)


def test_a_confined_child_has_three_descriptors_and_its_frames(site: Path) -> None:
    with (site / "inherited").open("w") as held:
        held.flush()
        numbers = ask(site, "[n for n in range(200) if attempt(lambda: os.fstat(n) and True) is True]")
    assert numbers == [0, 1, 2, 3]


def test_a_confined_child_leads_its_own_session(site: Path) -> None:
    assert ask(site, "os.getsid(0) == os.getpid() == os.getpgid(0)") is True


def test_no_third_party_code_runs_before_the_walls_stand(site: Path) -> None:
    found = ask(
        site, "[hasattr(sys, 'path_file_was_run'), 'site' in sys.modules, any('site-packages' in p for p in sys.path)]"
    )
    assert found == [False, False, False]


def test_a_package_beside_ours_cannot_be_imported_unless_it_is_granted(site: Path) -> None:
    importing = "attempt(lambda: __import__('thirdparty').VALUE)"
    assert ask(site, importing) == "ModuleNotFoundError"
    granted = Grants(packages=(("thirdparty", str(site / "thirdparty")),))
    assert ask(site, importing, granted) == "imported"


def test_a_file_is_readable_only_when_it_is_granted(site: Path) -> None:
    path = str(site / "startup.pth")
    reading = f"attempt(lambda: len(open({path!r}).read()) > 0)"
    assert ask(site, reading) == "PermissionError"
    assert ask(site, reading, Grants(files=(path,))) is True


def test_what_a_library_prints_does_not_reach_the_frames(site: Path) -> None:
    with running(InstalledChild(site, Grants())) as child:
        child.read()
        child.send(Frame(SAY, {"text": "1"}))
        assert child.read().body["text"] == "1"
        outcome = child.close()
    assert outcome.stderr_bytes > 0


@pytest.mark.parametrize(
    ("entry", "grants", "code"),
    [
        ("app.probe", Grants(files=("/nowhere/model.gguf",)), "grant_missing"),
        ("app.broken", Grants(), "entry_failed"),
        ("app.absent", Grants(), "entry_failed"),
        ("os", Grants(), "bad_orders"),
    ],
)
def test_a_child_that_cannot_start_says_why_in_a_code(site: Path, entry: str, grants: Grants, code: str) -> None:
    with running(InstalledChild(site, grants, entry)) as child:
        frame = child.read()
        if frame.shape is CONFINED:
            frame = child.read()
        assert (frame.shape, frame.body) == (REFUSED, {"code": code})
        assert child.close().exit_status == 70


def test_a_child_without_a_dialler_behind_its_promise_says_so(site: Path) -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    child = SupervisedChild("link", entry="app.probe", grants=Grants(), connection=ours)
    theirs.close()
    with running(child):
        assert child.read().body == {"code": "no_dialler"}
    assert ours.fileno() == -1


@pytest.mark.parametrize(
    ("answer", "descriptors", "code"),
    [
        (b"refused", 0, "refused"),
        (b"no such code", 0, "not_handed_over"),
        (b"connected", 0, "not_handed_over"),
        (b"connected", 1, "not_handed_over"),
        (b"connected", 2, "not_handed_over"),
    ],
)
def test_a_child_takes_nothing_but_one_connected_stream(answer: bytes, descriptors: int, code: str) -> None:
    """A local socket is none: only the dialler can make one of the internet, and only that is waited for."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    local, other = socket.socketpair()
    with theirs, local, other:
        socket.send_fds(theirs, [answer], [local.fileno(), other.fileno()][:descriptors])
        with running(SupervisedChild("link", entry="app.probe", grants=Grants(), connection=ours)) as child:
            frame = child.read()
    assert (frame.shape, frame.body) == (UNCONNECTED, {"code": code})
