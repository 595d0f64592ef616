"""SIGKILL at any moment: nothing acknowledged is lost, nothing happens twice, and no held reply is left behind."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

from app.crypto.passwords import FLOOR
from app.domain.conversation import InboxView
from app.domain.office import Office, Sector
from app.services.vaults import VaultService
from tests.support.fire import Siege

KILLS = int(os.environ.get("VESTIBULE_KILLS", "50"))
PASSWORD = "copper lantern under quiet stairs"

AT_THE_DESK = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from app.domain.conversation import Origin
    from app.services.vaults import VaultService

    desk = VaultService().unlock(Path(sys.argv[1]), sys.stdin.readline().rstrip("\\n"))
    cid = desk.conversations.start("Ada Quill", Origin.PHONE, "Is somebody there?")
    desk.conversations.hold_reply(cid, "Yes, we are.", None)
    print("held", flush=True)
    sys.stdin.read()
    """
)


def test_kills_while_receiving_drafting_and_sending_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    siege = Siege(tmp_path, seed=20261124)
    for _ in range(KILLS):
        siege.kill_one()
        siege.check()
    assert siege.promised["message"]
    assert siege.promised["composer"]
    assert siege.sent
    siege.check_search_and_rebuild()


def test_a_reply_held_by_a_killed_console_is_unsent_text_after_the_password(tmp_path: Path) -> None:
    directory, service = tmp_path / "vault", VaultService()
    office = Office("Linden Street Family Practice", Sector.CLINIC, is_demo=False)
    service.create(directory, password=PASSWORD, person_name="Mara Lind", office=office, kdf=FLOOR).desk.close()
    child = subprocess.Popen(
        [sys.executable, "-c", AT_THE_DESK, str(directory)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(f"{PASSWORD}\n")
        child.stdin.flush()
        assert child.stdout.readline() == "held\n"
        child.send_signal(signal.SIGKILL)
    with service.unlock(directory, PASSWORD) as desk:
        row = desk.conversations.inbox(InboxView.OPEN)[0]
        thread = desk.conversations.thread(row.conversation_id)
        assert (thread.unsent_reply, thread.held) == ("Yes, we are.", None)
        assert [item.text for item in thread.items[1:]] == ["Is somebody there?"]
        assert [reply.text for reply in desk.conversations.recover_held()] == ["Yes, we are."]
        assert desk.conversations.recover_held() == ()
        assert service.verify(desk).is_sound
