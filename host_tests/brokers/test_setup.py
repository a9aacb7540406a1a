"""`make setup-full`, its brokers: an error holds the cure, half an installation is none, the second time is a blink."""

import pytest
from girouette.errors import ToolMissing
from support import brokers_setup


@pytest.fixture
def nothing(monkeypatch, tmp_path):
    """No broker is installed, and it would be installed into this folder."""
    monkeypatch.setattr(brokers_setup, "FOLDER", tmp_path / "brokers")
    return tmp_path / "brokers"


@pytest.mark.parametrize("name", ["rabbitmq", "nats", "aedes"])
def test_a_broker_that_is_missing_is_told_with_its_cure(nothing, name):
    with pytest.raises(ToolMissing, match=f"{name} is missing. Run: make setup-full"):
        brokers_setup.folder(name)


def test_an_installation_that_broke_off_is_none_and_is_begun_anew(nothing, monkeypatch):
    def breaks_off(into):
        into.mkdir()  # would fail if something were left
        raise ToolMissing("no route to host")

    monkeypatch.setattr(brokers_setup, "_PARTS", {"nats": breaks_off})
    for _ in range(2):
        with pytest.raises(ToolMissing, match="no route to host"):
            brokers_setup.setup()
        with pytest.raises(ToolMissing, match="make setup-full"):
            brokers_setup.folder("nats")


def test_what_is_installed_is_not_installed_again_unless_the_recipe_changed(nothing, monkeypatch):
    made = []

    def install(into):
        into.mkdir()
        made.append(into)

    monkeypatch.setattr(brokers_setup, "_PARTS", {"nats": install})
    for _ in range(2):
        brokers_setup.setup()
        assert brokers_setup.folder("nats").is_dir() and len(made) == 1
    monkeypatch.setattr(brokers_setup, "_SUITES", ("another",))
    with pytest.raises(ToolMissing):
        brokers_setup.folder("nats")
    brokers_setup.setup()
    assert len(made) == 2


def test_aedes_is_installed_again_when_a_package_is_pinned_to_another_version(nothing, monkeypatch, tmp_path):
    lists = tmp_path / "lists"
    lists.mkdir()
    monkeypatch.setattr(brokers_setup, "AEDES_LISTS", lists)
    monkeypatch.setattr(brokers_setup, "_PARTS", {"aedes": lambda into: into.mkdir()})
    for version in "12":
        (lists / "package-lock.json").write_text(version)
        with pytest.raises(ToolMissing):
            brokers_setup.folder("aedes")
        brokers_setup.setup()
        assert brokers_setup.folder("aedes").is_dir()


def test_a_machine_without_packages_for_it_is_told(nothing, monkeypatch, tmp_path):
    monkeypatch.setattr(brokers_setup.platform, "machine", lambda: "riscv64")
    with pytest.raises(ToolMissing, match="x86_64, aarch64 only, not riscv64"):
        brokers_setup._nats(tmp_path / "nats")


def test_npm_without_a_network_is_told_with_the_cure(nothing, monkeypatch, tmp_path):
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    with pytest.raises(ToolMissing, match="aedes could not be fetched from npm(.|\n)*Is the network up"):
        brokers_setup._aedes(tmp_path / "aedes")
