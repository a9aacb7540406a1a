"""The ground the other tests stand on keeps its own promises."""

import socket
import subprocess
from pathlib import Path

import pytest
from girouette import toolchain
from girouette.errors import Failure, ToolMissing
from girouette.mpy import compile_tree
from support.broker import Mosquitto


def accepts(broker) -> bool:
    with socket.socket() as s:
        return s.connect_ex((broker.host, broker.port)) == 0


def publish(broker, *arguments):
    command = [toolchain.mosquitto_client("mosquitto_pub"), "-h", broker.host, "-p", str(broker.port), "-t", "t"]
    return subprocess.run([*command, "-m", "x", *arguments], capture_output=True, timeout=20).returncode


def test_a_broker_accepts_as_soon_as_start_returns_and_not_after_kill(mosquitto):
    assert accepts(mosquitto)
    assert publish(mosquitto) == 0
    mosquitto.kill()
    assert not accepts(mosquitto)
    mosquitto.start()
    assert accepts(mosquitto)


def test_a_broker_with_accounts_refuses_anonymous_and_a_wrong_password(mosquitto_factory):
    broker = mosquitto_factory(accounts={"anna": "secret"})
    assert publish(broker) != 0
    assert publish(broker, "-u", "anna", "-P", "wrong") != 0
    assert publish(broker, "-u", "anna", "-P", "secret") == 0


def test_a_broker_with_a_folder_remembers_across_a_restart(mosquitto_factory, tmp_path):
    broker = mosquitto_factory(persistence_dir=tmp_path)
    assert publish(broker, "-r", "-q", "1") == 0  # acknowledged: the broker has it
    broker.restart()
    subscribe = [toolchain.mosquitto_client("mosquitto_sub"), "-h", broker.host, "-p", str(broker.port), "-t", "t"]
    assert subprocess.run([*subscribe, "-C", "1", "-W", "5"], capture_output=True).stdout == b"x\n"


def test_a_port_in_use_is_told_when_it_was_asked_for_and_avoided_when_not(mosquitto_factory):
    first = mosquitto_factory()
    second = Mosquitto(port=first.port)
    with pytest.raises(AssertionError, match="in use"):
        second.start()
    second.close()
    third = Mosquitto()
    third.port = first.port  # as if somebody had been quicker
    third.start()
    assert third.port != first.port
    third.close()


def test_micropython_has_the_object_size_asked_for(mp):
    size = mp.run("import sys; print(sys.maxsize > 2**32, sys.argv[1:])", args=["a", 7])
    assert size.stdout == f"{mp.bits == 64} ['a', '7']\n", size.stderr


def test_a_micropython_of_the_wrong_size_is_refused_with_the_cure(monkeypatch):
    monkeypatch.setenv("MICROPYTHON32", toolchain.micropython(64))
    with pytest.raises(ToolMissing, match=r"\$MICROPYTHON32 .* has 64-bit objects; 32-bit ones are needed.*make setup"):
        toolchain.micropython(32)


@pytest.mark.parametrize(
    ("says", "why"),
    [
        ("micropython 2147483647 1 21 0", r"is version 1\.21\.0; 1\.22 or newer is needed"),
        ("cpython 9223372036854775807 3 11 0", "is not MicroPython"),
        ("", "cannot be run"),
    ],
)
def test_a_program_that_will_not_do_is_refused_in_words(monkeypatch, tmp_path, says, why):
    fake = tmp_path / "micropython"
    fake.write_text(f"#!/bin/sh\necho {says}\n")
    fake.chmod(0o755)
    monkeypatch.setenv("MICROPYTHON32", str(fake))
    with pytest.raises(ToolMissing, match=why):
        toolchain.micropython(32)


def test_a_tree_is_compiled_with_its_folders_and_the_kept_files_stay_sources(tmp_path, mp):
    (tmp_path / "src" / "package").mkdir(parents=True)
    (tmp_path / "src" / "main.py").write_text("import package.part")
    (tmp_path / "src" / "package" / "part.py").write_text("print(__name__, __file__)")
    made = compile_tree(tmp_path / "src", tmp_path / "dst", keep=("main.py",))
    assert [path.relative_to(tmp_path).as_posix() for path in made] == ["dst/main.py", "dst/package/part.mpy"]
    done = mp.run(tmp_path / "dst" / "main.py")
    assert done.stdout.split() == ["package.part", f"{tmp_path}/dst/package/part.mpy"], done.stderr


def test_a_source_that_does_not_compile_is_named(tmp_path):
    (tmp_path / "bad.py").write_text("def (")
    with pytest.raises(Failure, match=r"bad\.py does not compile.*\n.*"):
        compile_tree(tmp_path, tmp_path / "out")


def test_no_two_test_files_have_one_name():
    """They are imported by their bare names, unless they are in a package: of two in one run, pytest refuses one."""
    paths = Path(__file__).parent.rglob("test_*.py")
    names = [path.name for path in paths if not (path.parent / "__init__.py").exists()]
    assert sorted({name for name in names if names.count(name) > 1}) == []
