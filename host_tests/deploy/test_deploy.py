"""`girouette deploy` at simulated boards, by the real tools: what changed is copied, and nothing else is touched."""

import pytest
from girouette import boards
from girouette.cli import main
from workbench import STALE, THEIRS, UNUSED

CHANGED = {*UNUSED, "boot.py", "main.py", "manifest.json"}


def test_of_a_running_node_only_what_changed_is_copied_and_no_watchdog_bites(cabled, bench, mosquitto, monkeypatch):
    bench.port = mosquitto.port
    config = bench.config(watchdog=1)
    flash = bench.aged(config)
    cable = cabled(flash)
    cable.board.wait_line("connected to")
    assert cable.board.watchdog == 1
    verdict, facts = bench.deploy(cable, config, wait=30)
    assert verdict.well
    assert facts["copied"] == len(CHANGED) and set(facts["removed"]) == {*STALE, "old.mpy"}
    assert bench.differs(flash, config) == []
    assert not (flash / "lib" / "drivers" / "gone").exists()
    assert "watchdog" not in cable.board.boots
    assert {path: (flash / path).read_text() for path in THEIRS} == THEIRS
    _, facts = bench.deploy(cable, config)
    assert facts["copied"] == 0 and facts["removed"] == []
    cable.board.wait_line("connected to")


def test_a_board_keeps_its_configuration_when_none_is_given(cabled, bench, mosquitto):
    bench.port = mosquitto.port
    config = bench.config(secrets={"network": [{"password": "sesame"}]}, network=[{"ssid": "home"}])
    flash = bench.aged(config)
    cable = cabled(flash)
    verdict, facts = bench.deploy(cable, None, wait=30)
    assert verdict.well and facts["copied"] == len(CHANGED)
    assert bench.differs(flash, config) == []
    assert list((bench.folder / "work").rglob("secrets.json")) == []


def test_a_board_whose_port_goes_with_each_reset_is_waited_for(cabled, bench, mosquitto):
    bench.port = mosquitto.port
    networks = [{"ssid": name, "password": "sesame"} for name in ("home", "other")]
    flash = bench.aged(config := bench.config(network=networks))
    cable = cabled(flash, {"native": True}, port="rp2", scan_s=2)  # as long as a chip needs to join
    cable.board.wait_line("connected to")
    verdict, _ = bench.deploy(cable, config, board=boards.load("RPI_PICO_W"), wait=30)
    assert verdict.well
    assert bench.differs(flash, config) == []


def test_secrets_of_an_earlier_configuration_do_not_stay(cabled, bench):
    flash = bench.flash(bench.config(secrets={"broker": {"password": "of before"}}))
    (flash / "config.trial").write_text("30")
    cable = cabled(flash, heap="112k")
    bench.deploy(cable, config := bench.config())
    assert not (flash / "secrets.json").exists() and not (flash / "config.trial").exists()
    assert bench.differs(flash, config) == []


def test_somebody_elses_program_is_kept_aside(cabled, bench, tmp_path):
    flash = tmp_path / "flash"
    flash.mkdir()
    (flash / "main.py").write_text("while True:\n    pass\n")
    cable = cabled(flash)
    partial = {path: bench.made.files[path] for path in ("boot.py", "main.py", "node/app.mpy")}
    bench.made = type(bench.made)(bench.made.board, bench.made.folder, [], True, partial, bench.made.sizes)
    bench.deploy(cable, bench.config())
    assert (flash / "main.before.py").read_text() == "while True:\n    pass\n"
    assert (flash / "main.py").read_bytes() == (bench.made.folder / "main.py").read_bytes()


# -- dry run


@pytest.mark.parametrize("via", ["mpremote", "ampy"])
def test_a_dry_run_prints_the_commands_and_touches_no_board(bench, via, capsys):
    config = bench.config(secrets={"broker": {"user": "roof", "password": "of the broker"}})
    options = ["--port", "/dev/none", "--config", str(config), "--dry-run", "--via", via]
    status = main(["deploy", "ESP32_GENERIC", *options])
    out = capsys.readouterr().out
    lines = [line.strip() for line in out.splitlines() if line.strip().startswith(via)]
    assert status == 0 and "of the broker" not in out
    assert all("/dev/none" in line for line in lines)
    assert "main.py.new" in out and "secrets.json" in lines[-3] and lines[-1].endswith("end.py")
