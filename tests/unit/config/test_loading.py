"""Settings: both files, who wins, what is refused, and writing one of them."""

import stat
from pathlib import Path

import pytest

from app.config import SETTINGS, ConfigError, ConfigFault, ConsoleSettings, Places, Scheme, load_settings, save_setting
from app.config.loading import MAX_SETTINGS_BYTES


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "data", tmp_path / "config", tmp_path / "etc", tmp_path / "resources", tmp_path / "models")


def write(file: Path, text: str) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)


def test_without_files_the_defaults_hold_and_the_vault_lies_with_the_data(places: Places) -> None:
    settings = load_settings(places)
    assert settings == ConsoleSettings(vault_dir=places.data_dir / "vault")
    assert (settings.idle_lock_s, settings.undo_send_s, settings.scheme, settings.scale_percent) == (
        300,
        5,
        Scheme.SYSTEM,
        100,
    )


def test_managed_settings_win_and_are_named(places: Places) -> None:
    write(places.settings_file, 'idle_lock_s = 900\nscheme = "dark"\n')
    write(places.managed_settings_file, "idle_lock_s = 120\n")
    settings = load_settings(places)
    assert (settings.idle_lock_s, settings.scheme) == (120, Scheme.DARK)
    assert settings.managed_keys == {"idle_lock_s"}


@pytest.mark.parametrize(
    ("text", "key", "code"),
    [
        ("idle_lock_s = true", "idle_lock_s", ConfigFault.WRONG_TYPE),
        ("idle_lock_s = 300.0", "idle_lock_s", ConfigFault.WRONG_TYPE),
        ('idle_lock_s = "300"', "idle_lock_s", ConfigFault.WRONG_TYPE),
        ("idle_lock_s = 29", "idle_lock_s", ConfigFault.OUT_OF_RANGE),
        ("scale_percent = 201", "scale_percent", ConfigFault.OUT_OF_RANGE),
        ("single_letter_keys = 1", "single_letter_keys", ConfigFault.WRONG_TYPE),
        ('scheme = "pink"', "scheme", ConfigFault.NOT_A_CHOICE),
        ("scheme = [1]", "scheme", ConfigFault.NOT_A_CHOICE),
        ('vault_dir = "relative/path"', "vault_dir", ConfigFault.OUT_OF_RANGE),
        ('model = "a\\u0000b"', "model", ConfigFault.OUT_OF_RANGE),
        ("telemetry = true", "telemetry", ConfigFault.UNKNOWN_KEY),
        ("managed_keys = []", "managed_keys", ConfigFault.UNKNOWN_KEY),
        ("idle_lock_s = = 3", "settings.toml", ConfigFault.NOT_TOML),
        ("# " + "x" * MAX_SETTINGS_BYTES, "settings.toml", ConfigFault.TOO_LARGE),
    ],
)
def test_what_does_not_fit_is_refused_and_the_key_is_named(
    places: Places, text: str, key: str, code: ConfigFault
) -> None:
    write(places.settings_file, text)
    with pytest.raises(ConfigError) as caught:
        load_settings(places)
    assert (caught.value.key, caught.value.code) == (key, code)


def test_bytes_that_are_no_text_and_a_folder_in_place_of_the_file_are_refused(places: Places) -> None:
    places.config_dir.mkdir()
    places.settings_file.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="not_toml"):
        load_settings(places)
    places.settings_file.unlink()
    places.settings_file.mkdir()
    with pytest.raises(ConfigError, match="unreadable"):
        load_settings(places)


def test_saving_keeps_the_other_settings_and_is_private(places: Places) -> None:
    save_setting(places, "model", 'quo"te\\d')
    save_setting(places, "scheme", Scheme.LIGHT)
    save_setting(places, "single_letter_keys", False)
    save_setting(places, "vault_dir", "/srv/vault")
    settings = load_settings(places)
    assert (settings.model, settings.scheme, settings.single_letter_keys) == ('quo"te\\d', Scheme.LIGHT, False)
    assert settings.vault_dir == Path("/srv/vault")
    assert stat.S_IMODE(places.settings_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(places.config_dir.stat().st_mode) == 0o700
    assert [path.name for path in places.config_dir.iterdir()] == ["settings.toml"]


def test_a_managed_setting_cannot_be_saved_over(places: Places) -> None:
    write(places.managed_settings_file, "idle_lock_s = 120\n")
    with pytest.raises(ConfigError, match="managed"):
        save_setting(places, "idle_lock_s", 600)
    assert not places.settings_file.exists()


def test_a_value_that_does_not_fit_is_not_saved(places: Places) -> None:
    save_setting(places, "undo_send_s", 10)
    with pytest.raises(ConfigError, match="out_of_range"):
        save_setting(places, "undo_send_s", 61)
    assert load_settings(places).undo_send_s == 10


def test_a_write_that_fails_is_told_by_key(places: Places) -> None:
    places.config_dir.write_text("a file stands where the folder should")
    with pytest.raises(ConfigError, match=r"undo_send_s: (not_written|unreadable)|settings.toml: unreadable"):
        save_setting(places, "undo_send_s", 10)


def test_every_setting_has_a_sentence_of_help_and_a_default_within_its_range() -> None:
    for setting in SETTINGS:
        assert setting.help.endswith(".")
        if setting.kind is int:
            assert isinstance(setting.default, int)
            assert setting.low <= setting.default <= setting.high
            assert setting.unit
