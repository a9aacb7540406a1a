"""The real ampy does on the simulated board what it does on a chip. Each of its commands waits a second by itself."""

from plug import TREE, Tools, files_of


def test_ampy_puts_lists_gets_and_removes(plugged, source):
    board = plugged("while True:\n    pass")
    tools = Tools(board.port)
    tools.ampy("put", source / "node", "/node")
    tools.ampy("put", source / "data.bin")
    copied = files_of(board.board.firmware)
    assert copied["node/cmd/led.py"] == TREE["node/cmd/led.py"].encode()
    assert tools.ampy("ls", "-l", "-r", "/node").split() == [
        *["/node/app.py", "-", "520", "bytes"], *["/node/cmd/led.py", "-", "8", "bytes"],
    ]  # fmt: skip
    assert tools.ampy("get", "data.bin").strip() == TREE["data.bin"]
    tools.ampy("rm", "data.bin")
    tools.ampy("rmdir", "/node")
    assert list(files_of(board.board.firmware)) == ["main.py"]


def test_ampy_runs_and_resets(plugged, tmp_path):
    board = plugged("print('started')")
    script = tmp_path / "script.py"
    script.write_text("print('from', 'ampy')\n")
    tools = Tools(board.port)
    assert tools.ampy("run", script).strip() == "from ampy"
    tools.ampy("reset")
    board.board.wait_boot("soft")
    tools.ampy("reset", "--hard")
    board.board.wait_boot("hard")
