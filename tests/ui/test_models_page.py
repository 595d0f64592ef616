"""The page of models on real workers: passports, import, driving test, another model in use, and the way back."""

import threading
from contextlib import contextmanager

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.config import save_setting
from app.inference.supervisor import WorkerState
from app.ui.models.state import TestRun
from app.ui.shell.pages import PageId
from app.ui.theme import SchemeChoice, Theme
from tests.support.command_line import FramedScriptedModel
from tests.support.model_consoles import ModelConsole
from tests.support.waiting import PATIENCE_MS

pytest.importorskip("llama_cpp", reason="the engine of the model worker is not installed")

CTRL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def house(qapp, tmp_path):
    made = ModelConsole(tmp_path, qapp)
    yield made
    made.abandon()


@pytest.fixture
def wait(qtbot):
    return lambda condition: qtbot.waitUntil(condition, timeout=PATIENCE_MS)


@pytest.fixture
def opened(house, wait):
    """Return what starts the console and shows the page, once the model in use is known."""

    def start(running="starter"):
        console = house.start()
        wait(lambda: console.presenters.inbox.model.rowCount() > 0)
        console.window.show_page(PageId.MODEL)
        wait(lambda: bool(console.models.presenter.state.passports))
        wait(lambda: console.models.presenter.state.running == running)
        return console

    return start


def press(console, key, modifiers=NONE):
    QTest.keyClick(QApplication.focusWidget() or console.window, key, modifiers)
    QApplication.processEvents()


def names(console):
    return [passport.entry.name for passport in console.models.presenter.state.passports]


def write_odd(house, name):
    """A file whose header is sound and which llama.cpp cannot load."""
    file = house.write(name)
    file.write_bytes(file.read_bytes().replace(b"ffn_gate", b"ffn_xate"))
    return file


def test_a_passport_says_what_a_model_is_needs_and_gives_here(house, opened):
    passport = house.bring_in("riverside")
    console = opened()
    console.models.page.list_pane.select("riverside")
    words = console.models.page.passport.words()
    assert "Licence: apache-2.0" in words
    assert "Memory: Needs about" in words
    assert "this machine has 17.2 GB free" in words
    assert "Speed here: Reads " in words
    assert passport.entry.sha256[:8] in words
    assert "by Ada Lind" in words
    assert "No driving test yet" in words


def test_the_page_is_driven_by_keys_alone(house, opened, wait):
    house.bring_in("riverside")
    console = opened()
    page = console.models.page
    wait(console.window.isActiveWindow)
    assert QApplication.focusWidget() is page.list_pane.list
    press(console, Qt.Key.Key_Down)
    assert page.passport.name == "riverside"
    press(console, Qt.Key.Key_Return)
    assert page.passport.isAncestorOf(QApplication.focusWidget())
    press(console, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is page.list_pane.list
    press(console, Qt.Key.Key_K)
    assert page.passport.name == "starter"
    press(console, Qt.Key.Key_F6)
    assert QApplication.focusWidget() is page.list_pane.import_button
    press(console, Qt.Key.Key_1, CTRL)
    assert console.window.page_id is PageId.INBOX


def test_every_button_and_field_has_a_name_to_be_read_out(house, opened, wait):
    console = opened()
    console.models.look_at(house.write("riverside"))
    sheet = console.models.import_sheet
    wait(sheet.go.isVisible)
    places = [*console.models.page.passport.findChildren(type(sheet.go)), *sheet.findChildren(type(sheet.name_field()))]
    assert len(places) > 4
    assert all(place.accessibleName() or place.text() for place in places if place.isVisible())
    assert console.models.page.list_pane.list.accessibleName()


def test_a_file_is_looked_at_imported_and_measured_beside_the_window(house, opened, wait):
    console = opened()
    threads = []
    real = house.keeper.import_file
    house.keeper.import_file = lambda *a, **k: (threads.append(threading.current_thread()), real(*a, **k))[1]
    console.models.look_at(house.write("Quayside 7B"))
    sheet = console.models.import_sheet
    wait(sheet.go.isVisible)
    assert (sheet.name_field().text(), sheet.licence_field().text()) == ("quayside-7b", "apache-2.0")
    sheet.go.click()
    wait(lambda: "quayside-7b" in names(console))
    assert not sheet.isVisible()
    assert console.models.page.passport.name in {"starter", "quayside-7b"}
    found = console.models.presenter.state.find("quayside-7b")
    assert found.findings.speed is not None
    assert found.entry.imported_by == console.presenters.desk.person.display_name
    assert threads[0] is not threading.main_thread()


def test_a_file_without_a_licence_waits_for_one(house, opened, wait):
    console = opened()
    console.models.look_at(house.write("bare", licence=None))
    sheet = console.models.import_sheet
    wait(sheet.go.isVisible)
    sheet.go.click()
    assert "names no licence" in sheet.words()
    assert names(console) == ["starter"]
    sheet.licence_field().setText("MIT")
    sheet.go.click()
    wait(lambda: "bare" in names(console))
    assert console.models.presenter.state.find("bare").entry.licence == "MIT"


def test_what_is_no_model_is_refused_in_words_and_the_console_goes_on(house, opened, wait, tmp_path):
    console = opened()
    sheet = console.models.import_sheet
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(b"GGUF" + bytes(range(200)))
    console.models.look_at(bad)
    wait(lambda: "may be loaded" in sheet.words())
    console.models.look_at(write_odd(house, "odd"))
    wait(sheet.go.isVisible)
    sheet.go.click()
    wait(lambda: "cannot run this file" in sheet.words())
    assert names(console) == ["starter"]
    assert console.model.worker.state in {WorkerState.READY, WorkerState.BUSY}


def test_an_import_is_stopped_by_its_button_and_leaves_nothing(house, opened, wait):
    @contextmanager
    def slow(_entry):
        model = FramedScriptedModel(["a reply that is held until somebody stops it"])
        model.pause()
        yield model

    console = opened()
    house.keeper.open_entry = slow
    console.models.look_at(house.write("slow"))
    sheet = console.models.import_sheet
    wait(sheet.go.isVisible)
    sheet.go.click()
    wait(lambda: "Running it once" in sheet.words())
    sheet.halt.click()
    wait(lambda: "Stopped. Nothing was changed." in sheet.words())
    assert not any(place.name.startswith(".import-") for place in house.places.user_models_dir.iterdir())
    console.models.presenter.refresh()
    wait(lambda: not console.models.presenter.is_working)
    assert names(console) == ["starter"]


def test_another_model_takes_over_while_the_console_runs_and_one_key_leads_back(house, opened, wait):
    house.bring_in("riverside", answer="We open at nine. [1]")
    console = opened()
    first = console.model.worker
    console.models.page.list_pane.select("riverside")
    assert console.models.page.passport.use.text() == "Use it untested"
    console.models.page.passport.use.click()
    wait(lambda: console.models.presenter.state.running == "riverside")
    assert first.state is WorkerState.STOPPED
    assert (house.keeper.chosen, house.keeper.previous) == ("riverside", "starter")
    wait(lambda: console.proposals is not None)
    wait(lambda: "Model riverside" in console.window.status.words())
    assert "Back to starter" in console.window.toast.text()
    press(console, Qt.Key.Key_Z, CTRL)
    wait(lambda: console.models.presenter.state.running == "starter")
    assert house.keeper.chosen == "starter"
    assert "proposes again" in console.window.toast.text()


def test_a_proposal_on_its_way_is_set_aside_and_the_next_is_the_new_models(house, opened, wait):
    house.bring_in("riverside", answer="We open at nine. [1]")
    console = opened()
    wait(lambda: console.proposals is not None)
    before = console.proposals
    console.models.use("riverside")
    wait(lambda: console.models.presenter.state.running == "riverside")
    wait(lambda: console.proposals is not None and console.proposals is not before)
    made = []
    console.proposals.prepare_waiting(made.append)
    wait(lambda: bool(made))
    proposal = house.desk.conversations.thread(made[0]).proposal
    assert proposal.model_name == "riverside"


def test_a_model_that_cannot_be_loaded_is_passed_over_in_words(house, opened, wait):
    house.keeper.catalogue.import_file(write_odd(house, "odd"), name="odd")
    save_setting(house.places, "model", "odd")
    console = opened()
    wait(lambda: "was passed over" in console.window.toast.text())
    assert "cannot read its file" in console.window.toast.text()
    assert "starter proposes instead" in console.window.toast.text()
    assert house.keeper.chosen == "odd"  # tried again at the next start
    console.models.page.list_pane.select("odd")
    assert "It could not be loaded" in console.models.page.passport.words()
    assert "Model starter" in console.window.status.words()


def test_a_model_whose_file_was_changed_is_passed_over_at_the_start(house, opened, wait):
    entry = house.bring_in("riverside").entry
    save_setting(house.places, "model", "riverside")
    content = bytearray(entry.file.read_bytes())
    content[-1] ^= 1
    entry.file.write_bytes(content)
    console = opened()
    wait(lambda: "not what its passport says" in console.window.toast.text())


def test_when_nothing_can_be_loaded_the_status_line_offers_to_try_again(house, tmp_path, wait):
    house.keeper.catalogue._models_dir = tmp_path / "nothing shipped"
    house.keeper.catalogue.import_file(write_odd(house, "odd"), name="odd")
    save_setting(house.places, "model", "odd")
    console = house.start()
    line = console.window.status
    wait(lambda: not line._retry.isHidden())
    assert "Model odd: cannot run here (model_refused)" in line.words()
    starts = []
    console.model.worker.on_state(starts.append)
    line._retry.click()
    wait(lambda: WorkerState.STARTING in starts)


def test_a_model_that_is_set_for_the_machine_is_greyed_out_with_the_reason(house, opened):
    house.bring_in("riverside")
    house.places.managed_dir.mkdir()
    house.places.managed_settings_file.write_text('model = "starter"\n')
    console = opened()
    console.models.page.list_pane.select("riverside")
    assert not console.models.page.passport.use.isEnabled()
    assert "managed settings" in console.models.page.passport.words()
    press(console, Qt.Key.Key_U)
    assert house.keeper.chosen == "starter"


def test_a_model_that_is_too_large_for_this_machine_is_kept_and_not_used(house, opened):
    house.bring_in("riverside")
    house.free_bytes = 20_000_000
    console = opened("")
    console.models.page.list_pane.select("riverside")
    passport = console.models.page.passport
    assert "Too little memory for it now" in passport.words()
    assert not passport.use.isEnabled()
    assert not passport.test.isEnabled()


def test_a_driving_test_counts_live_and_keeps_its_verdict(house, opened, wait):
    console = opened()
    runs = []
    console.models.presenter.state_changed.connect(lambda state: runs.append(state.test))
    console.models.page.passport.test.click()
    wait(lambda: console.models.presenter.state.find("starter").findings.test is not None)
    seen = [run for run in runs if isinstance(run, TestRun) and run.total]
    assert [run.done for run in seen][-1] == seen[-1].total == house.asked
    found = console.models.presenter.state.find("starter").findings.test
    assert (found.questions, found.wrong_facts) == (house.asked, 0)
    assert "on 4 questions" in console.models.page.passport.words()


def test_a_driving_test_is_stopped_between_two_questions_and_keeps_nothing(house, opened, wait):
    house.asked = 40
    console = opened()
    presenter = console.models.presenter
    console.models.page.passport.test.click()
    wait(lambda: presenter.state.test is not None and presenter.state.test.done > 0)
    assert not console.models.page.passport.test.isEnabled()
    console.models.page.passport.card.stop.click()
    wait(lambda: presenter.state.test is None)
    assert "stopped" in console.window.toast.text()
    assert house.keeper.passport("starter").findings.test is None


def test_a_removed_model_comes_back_within_the_time_to_undo(house, opened, wait):
    house.bring_in("riverside")
    console = opened()
    console.models.page.list_pane.select("riverside")
    assert console.models.page.passport.remove.text() == "Remove riverside"
    console.models.page.passport.remove.click()
    wait(lambda: names(console) == ["starter"])
    press(console, Qt.Key.Key_Z, CTRL)
    wait(lambda: names(console) == ["starter", "riverside"])
    console.models.page.list_pane.select("riverside")
    console.models.page.passport.remove.click()
    console.presenters.steps.settle_all()
    wait(lambda: [entry.name for entry in house.keeper.catalogue.list()] == ["starter"])


def test_at_200_percent_list_and_passport_take_turns_and_nothing_is_cut(house, opened, qapp, wait):
    house.bring_in("riverside")
    console = opened()
    Theme.apply(qapp, SchemeChoice.LIGHT, 2.0, is_motion_reduced=True)
    console.window.resize(1366, 768)
    QApplication.processEvents()
    page = console.models.page
    assert page.list_pane.isVisible()
    assert not page.passport.isVisible()
    page.list_pane.select("riverside")
    page.read()
    QApplication.processEvents()
    assert not page.list_pane.isVisible()
    buttons = [button for button in (page.passport.use, page.passport.test, page.passport.remove) if button.isVisible()]
    assert len(buttons) == 3
    assert all(button.width() >= button.sizeHint().width() for button in buttons)
    rights = [button.mapTo(page, button.rect().topRight()).x() for button in buttons]
    assert max(rights) <= page.width()


def test_a_search_model_says_what_it_is_for_and_offers_nothing_else(house, opened):
    house.bring_in("finder", seed=3, pooling=1)
    console = opened()
    page = console.models.page
    page.list_pane.select("finder")
    pane = page.passport
    assert "Can be asked for: Finding approved answers" in pane.words()
    assert pane.remove.isVisible()
    assert not any(button.isVisible() for button in (pane.use, pane.test, pane.measure))
    assert pane._use_chip.isVisible()
    page.list_pane.select("starter")
    assert pane.test.isVisible()
    assert pane.measure.isVisible()
