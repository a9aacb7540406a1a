"""The real mpremote and ampy do on the simulated board what they do on a chip."""

import functools
import hashlib
import http.server
import json
import threading

import pytest
from girouette.simboard import Flash
from plug import TREE, Tools, files_of, run

LOOP = "import time\nprint('running')\nwhile True:\n    time.sleep_ms(10)"


@pytest.fixture
def board(plugged):
    """A 32-bit ESP32 that runs a program all the time."""
    board = plugged(LOOP, bits=32)
    board.board.wait_line("running")
    return board


def test_mpremote_copies_a_folder_and_lists_it(board, source):
    tools = Tools(board.port)
    tools.mpremote("fs", "cp", "-r", f"{source}/.", ":")
    copied = files_of(board.board.firmware)
    assert {name: copied[name] for name in TREE} == files_of(source)
    listed = tools.mpremote("fs", "ls", "+", "fs", "tree", "-s", "+", "fs", "sha256sum", ":data.bin")
    assert "3000 data.bin" in listed
    assert "led.py" in listed
    assert hashlib.sha256(TREE["data.bin"].encode()).hexdigest() in listed
    again = tools.mpremote("fs", "cp", f"{source}/data.bin", ":data.bin", "+", "df")
    assert "Up to date" in again
    assert " 2097152 " in again


def test_mpremote_reads_back_and_removes(board, source, tmp_path):
    tools = Tools(board.port)
    tools.mpremote(
        "fs", "cp", "-r", f"{source}/node", ":", "+", "fs", "cp", f"{source}/data.bin", ":",
        "+", "fs", "cp", ":data.bin", tmp_path / "back", "+", "fs", "rm", ":data.bin", "+", "fs", "rm", "-r", ":node",
    )  # fmt: skip
    assert (tmp_path / "back").read_text() == TREE["data.bin"]
    assert list(files_of(board.board.firmware)) == ["main.py"]


def test_mpremote_runs_programs_and_tells_their_errors(board, tmp_path):
    script = tmp_path / "script.py"
    script.write_text("import sys, machine\nprint(sys.platform, 6 * 7)\n")
    tools = Tools(board.port)
    assert tools.mpremote("run", script).strip() == "esp32 42"
    assert tools.mpremote("exec", "kept = 1", "+", "resume", "eval", "kept + 1").strip() == "2"
    failed = run("mpremote", "connect", board.port, "exec", "1/0")
    assert failed.returncode == 1
    assert failed.stdout + failed.stderr == (
        'Traceback (most recent call last):\n  File "<stdin>", line 1, in <module>\nZeroDivisionError: divide by zero\n'
    )


def test_mpremote_mounts_a_folder_of_the_computer(board, source):
    (source / "far.py").write_text("import os\nprint('far', sorted(os.listdir('node')))\n")
    out = Tools(board.port).mpremote("mount", source, "exec", "import far\nopen('note', 'w').write('from the board')")
    assert "far ['app.py', 'cmd']" in out
    assert (source / "note").read_text() == "from the board"
    assert list(files_of(board.board.firmware)) == ["main.py"]


@pytest.mark.parametrize("port", ["esp32", "rp2", pytest.param("stm32", marks=pytest.mark.full)])
def test_mpremote_resets_hard_and_soft(plugged, port):
    """The port of a chip with USB of its own goes with the reset."""
    board = plugged(LOOP, port=port, cable={"native": port == "rp2"})
    board.board.wait_line("running")
    tools = Tools(board.port)
    tools.mpremote("soft-reset")  # which leaves main.py alone
    board.board.wait_boot("soft")
    tools.mpremote("reset")
    board.board.wait_boot("hard")
    board.board.wait_line("running")
    board.wait_port()
    platform = {"stm32": "pyboard"}.get(port, port)
    assert tools.mpremote("exec", "import sys; print(sys.platform)").strip() == platform


def test_mpremote_leads_to_the_boot_loader_until_a_reset(plugged):
    """There is no port of MicroPython's then."""
    board = plugged(LOOP, port="rp2", cable={"native": True})
    board.board.wait_line("running")
    Tools(board.port).mpremote("bootloader")
    board.board.wait_boot("bootloader")
    assert "failed to access" in run("mpremote", "connect", board.port, "ls").stderr
    board.board.reset()
    board.board.wait_boot("hard")
    board.wait_port()
    Tools(board.port).mpremote("ls")


def test_mpremote_installs_a_package(board, tmp_path):
    package = tmp_path / "package"
    (package / "src").mkdir(parents=True)
    (package / "src" / "a.py").write_text("A = 1\n")
    (package / "package.json").write_text(json.dumps({"urls": [["pack/a.py", "src/a.py"]], "version": "1"}))
    (board.board.firmware / "lib").mkdir()
    Tools(board.port).mpremote("mip", "install", "--target", "/lib", package / "package.json")
    assert files_of(board.board.firmware)["lib/pack/a.py"] == b"A = 1\n"


def test_mpremote_installs_from_an_index(plugged, tmp_path):
    content = b"B = 2\n"
    name = hashlib.sha256(content).hexdigest()[:8]
    index = tmp_path / "index"
    for path, data in {
        "package/6/thing/latest.json": json.dumps({"hashes": [["thing.py", name]], "version": "1", "v": 1}).encode(),
        f"file/{name[:2]}/{name}": content,
    }.items():
        (index / path).parent.mkdir(parents=True)
        (index / path).write_bytes(data)
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=index)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        board = plugged(files={"lib/keep.py": ""})
        url = f"http://127.0.0.1:{server.server_port}"
        Tools(board.port).mpremote("mip", "install", "--index", url, "--target", "/lib", "thing")
        server.shutdown()
    assert (board.board.firmware / "lib" / "thing.py").read_bytes() == content


@pytest.mark.parametrize("system", ["littlefs", pytest.param("fat", marks=pytest.mark.full)])
def test_a_full_flash_is_told(plugged, tmp_path, system):
    board = plugged("print('ready')", files={"large": "x" * 80_000}, flash=Flash("128k", system=system))
    board.board.wait_prompt()
    another = tmp_path / "another"
    another.write_bytes(bytes(50_000))
    failed = run("mpremote", "connect", board.port, "fs", "cp", another, ":")
    assert failed.returncode == 1
    assert "ENOSPC" in failed.stdout + failed.stderr or "No space left" in failed.stdout + failed.stderr
    assert "<VfsLfs2>" in (df := Tools(board.port).mpremote("df")) or "<VfsFat>" in df


def test_an_older_micropython_can_be_pretended(plugged):
    board = plugged(cable={"release": "1.18", "machine": "Generic ESP32 module (spiram) with ESP32"})
    out = Tools(board.port).mpremote(
        "exec", "import sys, os\nprint(sys.implementation.version, sys.implementation._mpy & 255, os.uname().machine)"
    )
    assert out.strip() == "(1, 18, '') 5 Generic ESP32 module (spiram) with ESP32"
