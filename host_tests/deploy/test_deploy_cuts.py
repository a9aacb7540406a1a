"""The cable is pulled and the power goes, at every step of a deployment and in the middle of every file: the node that
starts then is the old one or the new one, never a mixture, and the next run completes it."""

import contextlib
import itertools
import shutil

import pytest
from girouette.deploy import via
from girouette.errors import Failure
from support import wait_for
from workbench import UNUSED, digest

CALLS = ("survey", "mark", "swap", "reset", "end")


class Scissors:
    """Takes the place of a tool, and pulls the cable once: `count` bytes after the first moment of `at`, which is the
    begin of a call of that name, or of the copy of that file."""

    def __init__(self, tool, *at, count=0):
        self._tool, self._at, self._bytes = tool, at, count

    def cutting(self, cable):
        scissors = self

        def passes(moment: str):
            if moment in scissors._at:
                scissors._at = ()
                cable.cut_at(scissors._bytes)

        class Cut(self._tool):
            def script(self, name, **options):
                passes(name)
                return super().script(name, **options)

            def reset(self):
                passes("reset")
                super().reset()

            def put(self, files, begins):
                def begin(path):
                    passes(path)
                    begins(path)

                super().put(files, begin)

        return Cut


def contents(flash) -> dict:
    """What a firmware is: without what the node and a person have beside it."""
    theirs = ("config.good", "memory", "notes.txt", "outbox.log", "lib/mine.py")
    found = {path.relative_to(flash).as_posix(): digest(path) for path in flash.rglob("*") if path.is_file()}
    return {path: what for path, what in found.items() if path not in theirs}


def is_never_a_mixture(cable, bench, flash, old: dict, config) -> str:
    """After a power cut: what it is, judged by what is on the flash; and that the node starts only if it may."""
    board = cable.board
    board.power_off()
    now = contents(flash)
    begun = len(board.lines)
    board.power_on()
    if now == old or not bench.differs(flash, config):
        wait_for(lambda: "node: started:" in "\n".join(board.lines[begun:]), "the start")
        return "old" if now == old else "new"
    wait_for(lambda: ">>>" in board.lines[begun:], "the prompt")
    since = "\n".join(board.lines[begun:])
    assert "node: started:" not in since
    now.pop("maintenance", None)
    if now == old:
        assert "maintenance: the node does not start. " in since
        return "stopped"
    if (flash / "main.py").exists():
        assert "maintenance: the node does not start. A copy to this board was broken off" in since
    return "maintenance"


def cut(cable, bench, config, scissors: Scissors, monkeypatch, tool="mpremote"):
    monkeypatch.setitem(via.TOOLS, tool, scissors.cutting(cable))
    with contextlib.suppress(Failure):  # the cable may be out after the last byte that mattered
        bench.deploy(cable, config, via=tool)
    monkeypatch.undo()
    cable.unplug()  # where the moment came after the last byte


def completed(cable, bench, flash, config, tool="mpremote"):
    cable.plug()
    bench.deploy(cable, config, via=tool)
    assert bench.differs(flash, config) == []
    cable.board.wait_line("node: started:")


@pytest.fixture
def sweep(cabled, bench, monkeypatch):
    """Cuts a deployment over an older firmware at these moments, each time from the same beginning but for what the
    cut before has left where `go_on` says so."""

    def run(moments, tool="mpremote", go_on=False):
        config = bench.config(sensors=[{"type": "bme280", "scl": 22, "sda": 21, "interval": 7}])
        kept = bench.aged(bench.config())
        flash = bench.folder / "swept"
        shutil.copytree(kept, flash)
        cable = cabled(flash)
        old, found = contents(kept), []
        for moment, count in moments:
            if not go_on:
                cable.board.power_off()
                shutil.rmtree(flash)
                shutil.copytree(kept, flash)
                cable.board.power_on()
            cut(cable, bench, config, Scissors(via.TOOLS[tool], moment, count=count), monkeypatch, tool)
            found.append((moment, count, is_never_a_mixture(cable, bench, flash, old, config)))
            if not go_on:
                completed(cable, bench, flash, config, tool)
            cable.plug()
        completed(cable, bench, flash, config, tool)
        return found

    return run


def test_a_cable_pulled_in_the_middle_leaves_no_mixture(sweep):
    found = sweep([("main.py.new", 400), ("node/homie.mpy", 3000)], go_on=True)
    assert [what for *_, what in found] == ["maintenance", "maintenance"]


@pytest.mark.full
@pytest.mark.timeout(1200)
def test_a_cable_pulled_at_any_step_leaves_no_mixture(sweep):
    """Each call of the tool, and each file that changes: at its beginning, and in its middle or after it."""
    files = (*UNUSED, "boot.py.new", "main.py.new", "manifest.json", "config.json")
    found = sweep(itertools.product((*CALLS, *files), (0, 2500)))
    assert {what for *_, what in found} >= {"stopped", "maintenance", "new"}


@pytest.mark.full
@pytest.mark.timeout(1200)
def test_a_cable_pulled_at_any_step_of_ampys_leaves_no_mixture(sweep):
    moments = ("mark", "main.py.new", "swap", "reset", "node/homie.mpy", "config.json", "end")
    found = sweep([(moment, 2500) for moment in moments], tool="ampy")
    assert {what for *_, what in found} >= {"maintenance", "new"}


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_a_cable_pulled_after_every_file_of_a_first_copy_leaves_no_mixture(cabled, bench, tmp_path, monkeypatch):
    """Run by run, each cut at least one file later; then whole."""
    flash = tmp_path / "flash"
    flash.mkdir()
    cable, config = cabled(flash), bench.config()
    files = [*(path for path in bench.made.files if path.endswith(".mpy")), "manifest.json", "config.json"]
    for i, path in enumerate(files):
        if digest(flash / path) is None:  # a tool is quicker than its words
            cut(cable, bench, config, Scissors(via.TOOLS["mpremote"], *files[i:], count=300), monkeypatch)
            assert is_never_a_mixture(cable, bench, flash, {}, config) == "maintenance"
            cable.plug()
    completed(cable, bench, flash, config)


@pytest.mark.full
@pytest.mark.timeout(400)
def test_a_mixture_is_not_started_by_a_new_configuration_either(cabled, bench, monkeypatch, capsys):
    from girouette.cli import main

    flash = bench.aged(bench.config())
    cable, config = cabled(flash), bench.config(diagnostics=60)
    cut(cable, bench, config, Scissors(via.TOOLS["mpremote"], "node/homie.mpy", count=50), monkeypatch)
    cable.plug()
    assert main(["config", "push", "--port", cable.port, str(config)]) == 1
    assert "broken off: `girouette deploy` completes it" in capsys.readouterr().err
    assert is_never_a_mixture(cable, bench, flash, {}, config) == "maintenance"
