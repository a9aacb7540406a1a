"""`girouette hil` runs the gates on a board, leaves nothing there, starts its node again, reports without secrets."""

import json

import pytest
from girouette import maintenance
from girouette.cli import main
from girouette.errors import Failure
from girouette.hil import bench, report, setting
from girouette.hil.bench import Bench, Operation, Results
from girouette.steps import Steps
from hil_scene import SECRETS, files_of


def run(board, tmp_path, capsys, *argv) -> tuple[int, dict, str]:
    """Exit status, what a program reads and what a person reads."""
    output = tmp_path / "report.md"
    status = main(["hil", "--port", board.port, "-o", str(output), "--json", *map(str, argv)])
    out, err = capsys.readouterr()
    text = output.read_text() if output.exists() else ""
    assert not any(secret in out + err + text for secret in SECRETS)
    return status, json.loads(out), text


def test_a_board_with_a_sensor_missing_is_measured_and_that_is_told(plugged, tmp_path, capsys, monkeypatch):
    board, config = plugged(sensors=[])
    before = files_of(board.board.firmware)
    monkeypatch.setattr(bench, "MADE_UP", ("alive",))
    monkeypatch.setattr(Bench, "_over_the_network", lambda self: None)
    status, found, text = run(board, tmp_path, capsys, "--config", config, "--times", 5)
    assert (status, found["well"], found["faults"]) == (1, False, {})
    assert found["gate"]["operations"] >= 8 and found["gate"]["allocating"] == []
    assert found["sensors"][0]["state"] == "fault" and "0x76" in found["sensors"][0]["words"]
    assert "| alive | 8 | 5 | none |" in text and "**Something is not well.**" in text
    assert files_of(board.board.firmware) == before
    board.board.wait_line("connected to")
    assert not (board.board.firmware / "maintenance").exists()


@pytest.mark.full
@pytest.mark.timeout(600)
def test_everything_is_measured_against_a_real_broker(plugged, tmp_path, capsys, monkeypatch):
    board, config = plugged()
    before = files_of(board.board.firmware)
    monkeypatch.setattr(bench, "_SPEED_MS", 500)
    status, found, text = run(board, tmp_path, capsys, "--config", config, "--times", 20)
    assert (status, found["well"], found["network"], found["faults"]) == (0, True, True, {})
    assert found["gate"]["operations"] > 100 and found["gate"]["allocating"] == []
    assert [r["session"] for r in found["reconnects"]] == ["made up", "new", "kept"]
    assert len(found["speed"]) == 4 and all(rate > 0 for rate in found["speed"].values())
    assert "temperature" in found["sensors"][0]["words"]
    assert "**All is well.**" in text and "| publish QoS 0 |" in text
    assert files_of(board.board.firmware) == before
    board.board.wait_line("connected to")


def test_the_commands_are_shown_instead_of_run(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("girouette.ports.choose", lambda port: port)
    assert main(["hil", "--port", "/dev/ttyUSB0", "--dry-run", "-o", str(tmp_path / "r.md")]) == 0
    out = capsys.readouterr().out
    assert "mpremote connect /dev/ttyUSB0 mount" in out and "import publish" in out
    assert not (tmp_path / "r.md").exists()


# What the programs print, read


@pytest.fixture
def said(monkeypatch, tmp_path):
    """(texts by the program's name) -> the Results of a board whose programs print that."""

    def results(texts: dict, broker=None, sensors=()) -> Results:
        def answer(self, argv, *args, **options):
            call = " ".join(map(str, argv))
            for program, text in texts.items():
                if call.endswith(f"import {program}"):
                    if isinstance(text, Failure):
                        raise text
                    return text
            return (
                "Local directory is mounted at /remote\n" + "an operation\t5\t5\t0\t0\tlocked\n" + "100 400 7000 7000\n"
            )

        monkeypatch.setattr(Steps, "run", answer)
        made = setting.Setting(tmp_path, broker, list(sensors), list(SECRETS))
        with Steps("hil") as steps:
            return Bench("P", made, steps, 5).run()

    return results


def test_a_board_on_which_nothing_allocates_is_well(said):
    found = said({})
    assert found.well and len(found.gate) == len(bench.MADE_UP)
    assert "no network and broker were given" in report.markdown(found, [])


BAD = {
    "bytes kept": "5\t5\t16\t0\tlocked",
    "bytes asked for": "5\t5\t0\t16\tlocked",
    "a heap that may not be locked": "5\t5\t0\t0\tMemoryError",
    "an operation that was not done": "5\t4\t0\t0\tlocked",
}


@pytest.mark.parametrize("name", BAD)
def test_an_operation_that_allocates_is_not_well_and_named(said, name):
    found = said({"alive": f"poll, idle\t{BAD[name]}\n"})
    assert not found.well
    assert [operation["name"] for operation in report.plain(found)["gate"]["allocating"]] == ["poll, idle"]
    assert "**poll, idle**" in report.markdown(found, [])


def test_a_heap_that_grows_with_the_reconnects_is_not_well(said):
    found = said({"reconnect": "100 400 7000 7016\n"})
    assert not found.well and "| made up | 7000 | 7016 |" in report.markdown(found, [])


def test_a_program_that_fails_is_told_and_the_others_run(said):
    found = said({"alive": Failure("mpremote: failed\nTraceback:\nMemoryError: memory allocation failed")})
    assert found.faults == {"allocation: alive": "MemoryError: memory allocation failed"}
    assert len(found.gate) == len(bench.MADE_UP) - 1 and found.reconnects and not found.well


def test_a_program_that_prints_nothing_is_not_taken_for_one_that_allocates_nothing(said):
    found = said({"alive": "Local directory is mounted at /remote\n"})
    assert "allocation: alive" in found.faults and not found.well


def test_whatever_a_program_prints_no_secret_is_in_the_report(said):
    found = said({"parts": f"sensor\tbme280\tfault\t{SECRETS[0]} | {SECRETS[1]}\t0\t-\n"}, sensors=[{"type": "bme280"}])
    text = report.markdown(found, list(SECRETS))
    assert not any(secret in text for secret in SECRETS) and "*** \\| ***" in text


def test_nothing_measured_is_not_well():
    assert not Results().well
    assert not Operation("p", "n", 5, 0, 0, 0, "locked").well


# Where it runs


def test_the_folder_that_the_board_sees_is_its_owners_alone_and_vanishes(plugged):
    from girouette.doctor.settings import configuration

    _, config = plugged()
    with setting.prepared(configuration(config), None) as made:
        place = (made.folder / "place.py").read_text()
        assert "BASE = 'ha/roof/hil'" in place and SECRETS[1] in place
        assert made.folder.stat().st_mode & 0o077 == 0
        assert (made.folder / "place.py").stat().st_mode & 0o077 == 0
        assert set(made.words) == set(SECRETS)
    assert not made.folder.exists()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_broker_that_would_be_the_board_itself_is_refused(tmp_path, host):
    made = setting.Setting(tmp_path, setting.Account(host, 1883), [])
    with pytest.raises(Failure, match="means the board itself"):
        setting.reachable(made)


def test_the_node_is_started_again_when_the_measuring_fails(monkeypatch):
    done = []
    monkeypatch.setattr(maintenance, "enter", lambda port, steps: done.append("enter"))
    monkeypatch.setattr(maintenance, "leave", lambda port, steps: done.append("leave"))
    with pytest.raises(Failure), maintenance.maintenance("P", None, always_leave=True):
        raise Failure("cable")
    assert done == ["enter", "leave"]
