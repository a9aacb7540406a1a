"""What leanmqtt.aio takes: nothing for good while it is idle, and otherwise what docs/asyncio.md says."""

import json
import re
from pathlib import Path

import pytest
from girouette.paths import ROOT

SCENES = Path(__file__).parent / "on_board"
TURNS = 500
PAGE = (ROOT / "docs" / "asyncio.md").read_text()


@pytest.fixture
def idle(mosquitto, lib_mpy, tmp_path):
    """idle(mp): what idle.py printed, by the first word of each line."""

    def run(mp) -> dict[str, list[str]]:
        (tmp_path / "options.json").write_text(json.dumps({"port": mosquitto.port, "turns": TURNS}))
        done = mp.run(SCENES / "idle.py", args=(tmp_path / "options.json",), path=(lib_mpy, SCENES), heap="1m")
        assert done.returncode == 0, done.stdout + done.stderr
        return {words[0]: words[1:] for line in done.stdout.splitlines() if (words := line.split())}

    return run


def test_an_idle_turn_leaves_nothing_behind(idle, mp):
    """Neither where a client only waits nor where it has stopped reading; and traffic leaves no growth."""
    said = idle(mp)
    for what in ("idle", "paused"):
        turns, live = map(int, said[what][:2])
        assert turns >= TURNS
        assert live == 0, f"{what}: {live} bytes in {turns} turns"
    assert said["paused"][3] == "True"
    assert said["growth"] == ["0"]
    assert int(said["alone"][0]) < 1000, "the meter itself"


def test_it_takes_what_the_page_says(idle, mp32):
    """Each client and each turn; the import is a matter of all optional parts."""
    said = idle(mp32)
    ram = re.search(r"\| RAM \| [\d.]+ KB for the import, ([\d.]+) KB .*?, ([\d.]+) KB", PAGE)
    measured = [int(said[what][0]) for what in ("client", "connected")]
    assert [float(n) * 1000 for n in ram.groups()] == pytest.approx(measured, abs=250)
    transient = int(re.search(r"an idle turn \| 0 bytes live, (\d+) in passing", PAGE)[1])
    assert int(said["idle"][2]) / int(said["idle"][0]) == pytest.approx(transient, abs=8)
