"""`girouette seal` and `girouette open`: there and back, the key never shown, replays refused from run to run."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from leanmqtt.seal import Sealer


@pytest.fixture
def girouette(tmp_path):
    def run(*args, data=b"", status=0):
        command = [sys.executable, "-m", "girouette.cli", *args]
        done = subprocess.run(command, input=data, capture_output=True, cwd=tmp_path, timeout=60)
        assert done.returncode == status, done.stderr
        key = tmp_path / "secrets.json"
        if key.exists():
            digits = json.loads(key.read_text())["seal"].encode()
            assert digits not in done.stdout + done.stderr
        return done.stdout if status == 0 else done.stderr.decode()

    run("seal", "--new", "secrets.json")
    return run


def test_a_new_key_is_private_and_not_replaced(girouette, tmp_path):
    path = tmp_path / "secrets.json"
    before = path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600 and len(json.loads(before)["seal"]) == 64
    assert "not replaced" in girouette("seal", "--new", "secrets.json", status=1)
    assert path.read_text() == before


def test_what_is_sealed_here_opens_at_the_node_and_back(girouette, tmp_path):
    node = Sealer(json.loads((tmp_path / "secrets.json").read_text())["seal"], str(tmp_path / "node"))
    assert node.open("led/set", girouette("seal", "led/set", "ON")) == b"ON"
    digits = girouette("seal", "led/set", "--hex", data=b"\0\xff").decode()
    assert node.open("led/set", bytes.fromhex(digits)) == b"\0\xff"
    sealed = node.seal("led", "ON")
    for _ in range(2):
        assert girouette("open", "led", "--again", data=sealed) == b"ON"
    assert girouette("open", "led", "--hex", data=sealed.hex().encode()) == b"ON"
    assert "a replay" in girouette("open", "led", data=sealed, status=1)
    assert "the seal is broken" in girouette("open", "other", data=sealed, status=1)
    assert "no sealed payload" in girouette("open", "led", data=b"ON", status=1)
    assert "no hex digits" in girouette("open", "led", "--hex", data=b"\xff", status=1)


def test_two_at_once_do_not_share_a_counter(girouette):
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: girouette("seal", "a", "x"), range(8)))
    assert len({sealed[1:7] for sealed in made}) == 8


def test_missing_and_bad_keys_are_told_without_being_shown(girouette, tmp_path):
    assert "cannot read none.json" in girouette("seal", "a", "b", "--secrets", "none.json", status=1)
    (tmp_path / "bad.json").write_text('{"seal": "very-secret"}')
    said = girouette("seal", "a", "b", "--secrets", "bad.json", status=1)
    assert "holds no key" in said and "very-secret" not in said
    assert "expected a TOPIC" in girouette("seal", status=1)
