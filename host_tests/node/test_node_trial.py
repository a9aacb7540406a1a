"""A new configuration from far away: taken in pieces, checked, tried, kept, or taken back. Nobody has to climb up."""

import json

import pytest
from roof import config
from support import wait_for

PRESSURE, STATUS = "ha/pressure", "ha/roof/status"
MAIN = "from node.app import main\n\nmain()\n"


@pytest.fixture
def node(station, witness):
    """A station that runs on a good configuration, which it has kept."""

    def make(changes=None, **options):
        board = station(changes, **options)
        witness.first(PRESSURE)
        wait_for(lambda: (board.firmware / "config.good").is_file(), "the copy of a good configuration")
        return board

    return make


def files(board) -> set[str]:
    return {path.name for path in board.firmware.iterdir() if path.name.startswith(("config", "secrets"))}


def long(made: dict) -> str:
    """The same, larger than anything the node could hold at once."""
    return json.dumps(made) + " " * 3000


@pytest.mark.parametrize("size", ["small", "long"])
def test_a_new_configuration_is_tried_and_kept(node, remote, witness, mosquitto, size):
    board = node()
    new = config(mosquitto, {"topics": {"pressure": "new/pressure"}})
    text = json.dumps({**new, "name": "roof"}) if size == "small" else long(new)
    remote.ask("config", text, "info config: restarts to try the new configuration")
    remote.answer("info config: the new configuration works and is kept", timeout=30)
    witness.wait("new/pressure")
    assert (board.firmware / "config.json").read_text() == text
    assert (board.firmware / "config.good").read_text() == text
    assert files(board) == {"config.json", "config.good"}
    assert board.boots == ["power on", "hard"]


def test_secrets_of_the_board_are_laid_over_a_new_configuration(node, remote, witness, mosquitto):
    board = node(
        {"network": [{"ssid": "home"}]}, secrets={"network": [{"password": "sesame"}]}, wifi={"home": "sesame"}
    )
    new = config(mosquitto, {"network": [{"ssid": "home"}], "topics": {"pressure": "new/pressure"}})
    remote.ask("config", json.dumps(new), "restarts to try")
    witness.first("new/pressure")
    assert "sesame" not in (board.firmware / "config.json").read_text()


@pytest.mark.parametrize("text", ['{"name": "roof"', "[]", '{"name": 5}', "x" * 3000, " " * 20_000, ""])
def test_an_invalid_configuration_is_answered_and_changes_nothing(node, remote, witness, text):
    board = node()
    before = (board.firmware / "config.json").read_text()
    remote.ask("config", text, "warn config: ")
    witness.wait(PRESSURE, more=2)
    assert (board.firmware / "config.json").read_text() == before
    assert board.boots == ["power on"]
    assert "config.trial" not in files(board)


def test_all_faults_of_an_invalid_configuration_are_answered(node, remote, mosquitto):
    board = node()
    bad = config(mosquitto, {"broker.port": "1883", "network.0.password": 12345678, "sensors.0.intervall": 5})
    remote.send("config", json.dumps(bad))
    for fault in ("broker.port: expected", 'did you mean "interval"', "network[0].password: expected text in quotes"):
        wait_for(lambda fault=fault: any(fault in line for line in remote.answers), fault)
    assert not any("12345678" in line for line in remote.answers)
    assert board.boots == ["power on"]


def test_a_configuration_that_does_not_reach_the_broker_is_taken_back(node, remote, witness, mosquitto):
    board = node(main=MAIN, wifi={"home": "sesame"})
    before = (board.firmware / "config.json").read_text()
    hurry(board)
    lost = json.dumps(config(mosquitto, {"network.0.password": "wrong"}))
    remote.ask("config", lost, "restarts to try")
    board.wait_line("the new configuration is tried")
    board.wait_line("did not reach the broker", timeout=60)
    remote.answer("error config: the new configuration was of no use: the previous one is back", timeout=60)
    witness.wait(PRESSURE)
    assert (board.firmware / "config.json").read_text() == before
    assert (board.firmware / "config.rejected").read_text() == lost
    wait_for(lambda: "config.trial" not in files(board), "the end of the trial")
    told = len(remote.answers)
    board.power_cycle()
    witness.wait(PRESSURE)
    assert not any("of no use" in line for line in remote.answers[told:]), "it is told once"


def test_power_cuts_give_a_trial_no_more_time_and_the_verdict_survives_them(node, remote, witness, mosquitto):
    board = node(wifi={"home": "sesame"})
    remote.ask("config", json.dumps(config(mosquitto, {"network.0.password": "wrong"})), "restarts to try")
    for left in (120, 90, 60, 30):
        board.wait_line(f"tried: {left} s left")
        board.power_cycle()
    board.wait_line("the previous one is back")
    board.power_cycle()
    board.wait_line("the previous one is back")
    remote.answer("error config: the new configuration was of no use", timeout=30)
    witness.wait(PRESSURE)


def test_what_shows_only_in_use_is_taken_back_at_once(node, remote, witness, mosquitto):
    board = node()
    remote.ask("config", json.dumps(config(mosquitto, {"sensors.0.scl": "B6"})), "restarts to try")
    remote.answer("error config.json: sensors[0]", timeout=30)
    remote.answer("error config: the new configuration was of no use", timeout=30)
    witness.wait(PRESSURE)
    assert "B6" not in (board.firmware / "config.json").read_text()


def test_a_power_cut_between_acceptance_and_restart_loses_nothing(node, witness, mosquitto):
    board = node()
    board.power_off()
    text = json.dumps(config(mosquitto, {"topics": {"pressure": "new/pressure"}}))
    (board.firmware / "config.new").write_text(text)
    (board.firmware / "config.trial").write_text("0")
    board.power_on()
    witness.first("new/pressure")
    wait_for(lambda: files(board) == {"config.json", "config.good"}, "the end of the trial")


def test_an_upload_broken_off_is_never_used(node, remote, witness, mosquitto):
    board = node()
    text = (board.firmware / "config.json").read_text()
    (board.firmware / "config.new").write_text('{"name": "half')
    board.power_cycle()
    witness.wait(PRESSURE)
    remote.ask("reload", "", "info reload: restarts to try the new configuration")
    remote.answer("works and is kept", timeout=30)
    assert (board.firmware / "config.json").read_text() == text


def test_reload_checks_what_a_tool_has_written_and_tries_it(node, remote, witness, mosquitto):
    board = node()
    good = (board.firmware / "config.json").read_text()
    (board.firmware / "config.json").write_text(good[:-5])
    remote.ask("reload", "", "warn reload: not JSON")
    witness.wait(PRESSURE)
    assert board.boots == ["power on"]
    new = config(mosquitto, {"topics": {"pressure": "new/pressure"}})
    (board.firmware / "config.json").write_text(json.dumps(new))
    remote.ask("reload", "", "info reload: restarts")
    witness.wait("new/pressure")
    assert board.boots == ["power on", "hard"]


def test_a_torn_marker_takes_the_trial_back(node, remote, witness, mosquitto):
    board = node()
    good = (board.firmware / "config.json").read_text()
    board.power_off()
    (board.firmware / "config.json").write_text(json.dumps(config(mosquitto, {"broker.port": 1})))
    (board.firmware / "config.trial").write_text("")
    board.power_on()
    remote.answer("error config: the new configuration was of no use", timeout=30)
    assert (board.firmware / "config.json").read_text() == good


def hurry(board):
    """A trial in its last half minute: the marker, which counts, is set forward once it is there."""
    import threading

    def forward():
        wait_for(lambda: "config.trial" in files(board), "the marker", timeout=30)
        wait_for(lambda: (board.firmware / "config.trial").read_text() == "30", "the trial", timeout=30)
        (board.firmware / "config.trial").write_text("120")

    threading.Thread(target=forward, daemon=True).start()
