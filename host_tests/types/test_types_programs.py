"""mypy and Pyright over programs: the right ones pass in the strictest mode, of the wrong ones each wrong line is found
and no other, and what the pages and examples show passes."""

import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from checkers import mypy, pyright_
from girouette.paths import LIB, ROOT
from support.mp import Mp

PROGRAMS = Path(__file__).parent / "programs"
PAGES = [page for page in sorted((ROOT / "docs").glob("*.md")) if "from leanmqtt" in page.read_text()]
EXAMPLES = [path for path in sorted((ROOT / "examples").rglob("*.py")) if "from leanmqtt" in path.read_text()]

# What the fragments of a page take for granted.
GRANTED = {
    "client": "import os\ndef start(total: int) -> None: ...\ndef write(chunk: bytes) -> None: ...\n"
    "def finish() -> None: ...\n",
}

BOTH = pytest.mark.parametrize("checker", [mypy, pytest.param(pyright_, marks=pytest.mark.full)])


@pytest.fixture
def folder(tmp_path) -> Path:
    made = tmp_path / "programs"  # the checkers leave out folders whose name begins with a dot, and nothing else
    made.mkdir()
    return made


@BOTH
def test_programs_that_are_right_pass_in_strict_mode(checker, folder, python):
    shutil.copytree(PROGRAMS / "right", folder, dirs_exist_ok=True)
    assert checker(folder, python) == {}


@pytest.mark.parametrize(
    ("checker", "finds", "missed"),
    [
        (mypy, {"MYPYPATH": str(LIB)}, "import-not-found"),
        pytest.param(pyright_, {"extraPaths": [str(LIB)]}, "could not be resolved", marks=pytest.mark.full),
    ],
)
def test_a_checkout_will_do_in_place_of_an_installation(checker, finds, missed, folder):
    shutil.copytree(PROGRAMS / "right", folder, dirs_exist_ok=True)
    environment = folder.parent / "empty"
    venv.create(environment, with_pip=False, symlinks=True)
    python = environment / "bin" / "python"
    assert missed in " ".join(checker(folder, python).values())
    assert checker(folder, python, **finds) == {}


@BOTH
def test_each_wrong_line_is_found_and_no_other(checker, folder, python):
    shutil.copytree(PROGRAMS / "wrong", folder, dirs_exist_ok=True)
    lines = [(path, n, text) for path in folder.glob("*.py") for n, text in enumerate(path.read_text().splitlines(), 1)]
    wrong = {(path.name, n): text for path, n, text in lines if "  # wrong: " in text}
    assert len(wrong) > 50
    found = checker(folder, python)
    assert {place: text for place, text in wrong.items() if place not in found} == {}, "it finds nothing wrong here"
    assert {place: words for place, words in found.items() if place not in wrong} == {}


def program(page: Path) -> str:
    """The blocks of a page from the first that imports leanmqtt, one behind the other."""
    blocks = re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL)
    first = next(n for n, block in enumerate(blocks) if "from leanmqtt" in block)
    return GRANTED.get(page.stem, "") + "\n".join(blocks[first:])


@BOTH
def test_what_the_pages_and_the_examples_show_passes(checker, folder, python):
    assert len(PAGES) > 4 and EXAMPLES
    for page in PAGES:
        (folder / f"page_{page.stem}.py").write_text(program(page))
    for path in EXAMPLES:
        (folder / f"example_{path.stem}.py").write_text(path.read_text())
    assert checker(folder, python, strict=False) == {}


@pytest.mark.parametrize("bits", ["cpython", 64, 32])
def test_the_page_of_types_runs_with_its_annotations(bits, tmp_path, lib_mpy):
    path = tmp_path / "program.py"
    page = ROOT / "docs" / "types.md"
    path.write_text(program(page) + "\nprint(options(b'x'), client.pending)")
    if bits == "cpython":
        command = [sys.executable, path]
        done = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(LIB)}, capture_output=True, text=True)
    else:
        done = Mp(bits).run(path, path=(lib_mpy,), cwd=tmp_path)
    assert done.stdout == "{'ca': b'x'} 0\n", done.stdout + done.stderr
