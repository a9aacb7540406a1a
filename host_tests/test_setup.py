"""`make setup`: it takes what is there, refuses what will not do, and an error holds the command that cures it."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
from girouette import cli, debian, toolchain
from girouette.errors import ToolMissing
from girouette.paths import ROOT

BOOKWORM = {"ID": "debian", "VERSION_CODENAME": "bookworm"}


def apt_folder(tmp_path: Path, files: dict) -> Path:
    (tmp_path / "sources.list.d").mkdir()
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("files", "release", "found"),
    [
        ({"sources.list": "deb http://near/debian bookworm main\n"}, BOOKWORM, "http://near/debian"),
        (
            {"sources.list": "deb [arch=amd64 trusted=yes] http://near/debian/ bookworm main\n"},
            BOOKWORM,
            "http://near/debian",
        ),
        (
            {"sources.list.d/debian.sources": "Types: deb\n# a\nURIs: http://near/debian\nSuites: bookworm x\n"},
            BOOKWORM,
            "http://near/debian",
        ),
        (
            {
                "sources.list.d/a.sources": "Types: deb\nURIs: http://other/packages\nSuites: nodistro\n\n"
                "Types: deb-src\nURIs: http://sources/debian\nSuites: bookworm\n\n"
                "Types: deb\nEnabled: no\nURIs: http://off/debian\nSuites: bookworm\n",
                "sources.list": "# deb http://off/debian bookworm main\n",
            },
            BOOKWORM,
            None,
        ),
        ({"sources.list": "deb http://near/ubuntu noble main\n"}, {"ID": "ubuntu", "VERSION_CODENAME": "noble"}, None),
        ({}, {}, None),
    ],
    ids=["one line", "with options", "deb822", "other sources", "not Debian", "none"],
)
def test_packages_come_from_the_mirror_of_this_machine_then_from_debian(tmp_path, files, release, found):
    expected = [found, debian.DEFAULT_MIRROR] if found else [debian.DEFAULT_MIRROR]
    assert debian.mirrors(apt_folder(tmp_path, files), release) == expected


def test_without_the_right_to_install_the_error_is_the_command(monkeypatch):
    monkeypatch.setattr(debian, "may_install", lambda: False)
    with pytest.raises(ToolMissing, match="Run: sudo apt-get install mosquitto mosquitto-clients$"):
        debian.install("mosquitto", "mosquitto-clients")


def test_a_package_that_cannot_be_fetched_is_told_with_apts_reason(tmp_path, monkeypatch):
    monkeypatch.setattr(debian, "mirrors", lambda: ["http://127.0.0.1:9/debian"])
    reason = r"could not be fetched\nfrom http://127.0.0.1:9/debian trixie:\n(.*\n)+Is the network up\?"
    with pytest.raises(ToolMissing, match=reason):
        debian.unpack("micropython", "i386", ("trixie",), tmp_path / "root")
    assert list(tmp_path.iterdir()) == []


def test_where_one_suite_cannot_be_fetched_the_next_one_is_taken(tmp_path, monkeypatch):
    def fetch(work, package, arch, suite, mirror, alone):
        if suite == "whole":
            folder = tmp_path / "deb"
            (folder / "DEBIAN").mkdir(parents=True)
            (folder / "DEBIAN" / "control").write_text("Package: p\nVersion: 1\nArchitecture: all\nMaintainer: m\n")
            (folder / "tool").write_text("works")
            (work / "debs").mkdir(parents=True)
            subprocess.run(["dpkg-deb", "--build", folder, work / "debs" / "p.deb"], check=True, capture_output=True)
        return "E: Mirror sync in progress?"

    monkeypatch.setattr(debian, "_fetch", fetch)
    debian.unpack("p", "all", ("torn", "whole"), tmp_path / "root")
    assert (tmp_path / "root" / "tool").read_text() == "works"


def test_a_missing_broker_does_not_stop_the_setup_and_is_told_with_its_cure(monkeypatch, capsys):
    monkeypatch.setattr(toolchain, "_find", lambda program: None)
    monkeypatch.setattr(debian, "may_install", lambda: False)
    assert cli.main(["setup"]) == 0
    assert "sudo apt-get install mosquitto mosquitto-clients" in capsys.readouterr().out
    with pytest.raises(ToolMissing, match="make setup"):
        toolchain.mosquitto()


def test_a_micropython_that_is_nowhere_is_told_with_its_cure(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("MICROPYTHON32", raising=False)
    nowhere = toolchain.VARIANTS[32]._replace(launcher=tmp_path / "none")
    monkeypatch.setitem(toolchain.VARIANTS, 32, nowhere)
    with pytest.raises(ToolMissing, match=r"32-bit objects is missing. Run: make setup \(or set \$MICROPYTHON32\)"):
        toolchain.micropython(32)


def test_a_python_too_old_is_told_which_one_to_name(monkeypatch):
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "tools" / "bootstrap.py")
    bootstrap = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bootstrap)
    monkeypatch.setattr(sys, "version_info", (3, 9, 18, "final", 0))
    with pytest.raises(SystemExit, match=r"is Python 3\.9; Girouette needs 3\.10 or newer.*PYTHON=python3\.12"):
        bootstrap.main()


def test_help_names_every_target_and_every_command():
    make = subprocess.run(["make", "-C", ROOT], capture_output=True, text=True).stdout
    assert {line.split()[1] for line in make.splitlines() if line.startswith("  make ")} == {
        *("help", "setup", "setup-full", "demo", "test", "test-full", "check", "bench", "clean"),
        *("flash", "deploy", "monitor"),
    }
    usage = cli.build_parser().format_help()
    commands = {path.stem for path in (ROOT / "tools" / "girouette" / "commands").glob("[a-z]*.py")}
    assert all(name.replace("_", "-") in usage for name in commands)
    assert {"setup", "frames"} <= commands
