"""Where things lie."""

from pathlib import Path

from app.config.places import find_places


def test_the_base_directories_of_the_person_are_followed() -> None:
    places = find_places({"HOME": "/home/a", "XDG_DATA_HOME": "/data", "XDG_CONFIG_HOME": "/conf"})
    assert (places.vault_dir, places.settings_file) == (
        Path("/data/vestibule/vault"),
        Path("/conf/vestibule/settings.toml"),
    )
    assert places.managed_settings_file == Path("/etc/vestibule/settings.toml")


def test_a_relative_base_directory_is_ignored() -> None:
    places = find_places({"HOME": "/home/a", "XDG_DATA_HOME": "data", "XDG_CONFIG_HOME": ""})
    assert places.data_dir == Path("/home/a/.local/share/vestibule")
    assert places.config_dir == Path("/home/a/.config/vestibule")


def test_in_a_checkout_the_shipped_files_lie_beside_the_package() -> None:
    assert (find_places({"HOME": "/home/a"}).resources_dir / "phrases" / "law.json").is_file()


def test_in_a_wheel_the_shipped_files_lie_inside_the_package(tmp_path: Path) -> None:
    (tmp_path / "app" / "_bundled" / "models").mkdir(parents=True)
    places = find_places({"HOME": "/home/a"}, package_dir=tmp_path / "app")
    assert places.models_dir == tmp_path / "app" / "_bundled" / "models"
