"""The static frame gate foretells what MicroPython does: the reader, the limit and the gate itself are proved here."""

from pathlib import Path

import pytest
from girouette import cli, mpyfile
from girouette import frames as gate
from girouette.mpy import compile_file

# A body, and the smallest number of arguments and locals with which its frame goes to the heap, measured on chips'
# object layout. `%s` are the arguments, of which the first is `a`.
MEASURED = {
    "plain assignments": (11, "def f(%s):\n a = a\n return a"),
    "while with compare": (10, "def f(%s):\n while a < 3:\n  a = a + 1"),
    "b[i] = a >> 8 | 1": (9, "def f(%s):\n b[a] = a >> 8 | 1"),
    "g(a, a, a)": (8, "def f(%s):\n g(a, a, a)"),
    "o.m(a, a, a)": (7, "def f(%s):\n o.m(a, a, a)"),
    "for i in range(a), i counted apart": (7, "def f(%s):\n for i in range(a):\n  pass"),
    "for c in b, c counted apart": (6, "def f(%s):\n for c in b:\n  pass"),
    "try: g(a, a, a) except OSError": (3, "def f(%s):\n try:\n  g(a, a, a)\n except OSError:\n  pass"),
    "try ... finally: o.m(a, a, a)": (2, "def f(%s):\n try:\n  g(a)\n finally:\n  o.m(a, a, a)"),
    "except OSError as e, e counted apart": (1, "def f(%s):\n try:\n  g(a)\n except OSError as e:\n  pass"),
}

PRELUDE = """
b = bytearray(9)
class O:
    def m(self, a, b, c): pass
o = O()
def g(a, b=0, c=0): pass
"""

# What one call of f requests from MicroPython's heap, in bytes; the meter itself requests nothing.
METER = """
import gc, micropython
from subject import f
def measure():
    before = micropython.mem_total()
    f({arguments})
    return micropython.mem_total() - before
gc.disable()
measure()
print(measure())
"""


def source(body: str, count: int) -> str:
    names = ", ".join(["a", *(f"x{i}" for i in range(1, count))])
    return PRELUDE + body % names


def compiled(tmp_path: Path, text: str, name: str = "subject") -> mpyfile.Function:
    (tmp_path / f"{name}.py").write_text(text)
    target = compile_file(tmp_path / f"{name}.py", tmp_path / f"{name}.mpy")
    (tmp_path / f"{name}.py").unlink()
    return mpyfile.read(target.read_bytes())


def named(function: mpyfile.Function, name: str) -> mpyfile.Function:
    return next(child for child in function.children if child.name == name)


def bytes_on_the_heap(mp, folder: Path, count: int) -> int:
    measured = mp.run(METER.format(arguments=", ".join(["3"] * count)), path=[folder])
    assert measured.returncode == 0, measured.stderr
    return int(measured.stdout)


@pytest.mark.parametrize("body", MEASURED)
def test_the_reader_agrees_with_micropython_on_which_frames_go_to_the_heap(tmp_path, mp32, body):
    first, text = MEASURED[body]
    for count in range(max(first - 1, 1), first + 1):
        words = named(compiled(tmp_path, source(text, count)), "f").words
        assert (words > gate.LIMIT) is (count >= first)
        assert (bytes_on_the_heap(mp32, tmp_path, count) > 0) is (count >= first)


@pytest.mark.parametrize(("words", "on_the_heap"), [(11, False), (12, True)])
def test_micropython_allocates_a_frame_of_12_words_and_not_one_of_11(tmp_path, mp, words, on_the_heap):
    count = words - 1
    assert named(compiled(tmp_path, source("def f(%s):\n a = a\n return a", count)), "f").words == words
    assert (bytes_on_the_heap(mp, tmp_path, count) > 0) is on_the_heap


@pytest.mark.parametrize("count", [1, 5, 15, 16, 17, 40, 63, 64, 65, 200])
def test_sizes_of_every_length_in_the_file_are_read(tmp_path, count):
    # Locals and arguments spill into further bytes of the prelude at different counts.
    names = ", ".join(f"x{i}" for i in range(count))
    function = named(compiled(tmp_path, f"def f({names}):\n pass\n"), "f")
    assert function.words == named(compiled(tmp_path, "def f(a):\n pass\n"), "f").words + count - 1


@pytest.mark.parametrize("depth", range(7))
def test_nested_exception_blocks_are_counted(tmp_path, depth):
    body = "".join(f"{' ' * (i + 1)}try:\n" for i in range(depth)) + " " * (depth + 1) + "g()\n"
    body += "".join(f"{' ' * (i + 1)}except: pass\n" for i in reversed(range(depth)))
    assert named(compiled(tmp_path, f"def f():\n{body}"), "f").blocks == depth


def test_the_names_known_by_number_are_those_of_the_compiler(tmp_path):
    names = [name for name in mpyfile._STATIC_NAMES if name.isidentifier() and name != "const"]
    module = compiled(tmp_path, "".join(f"def {name}(): pass\n" for name in names))
    assert [child.name for child in module.children] == names
    assert len(set(names)) == len(names) > 140


def test_constants_of_every_kind_are_passed_over(tmp_path):
    text = "x = (1 << 70, 1.5, 2j, 'long ' * 9, b'bytes', (None, (True, ...), 'text' + chr(7)))\ndef after(): pass\n"
    text += "y = ('a string too long to be a name, ' 'and so an object', b'b', (1, (2, 3.25, 'é')), 12345678901234)\n"
    assert named(compiled(tmp_path, text), "after").words > 0


def test_every_cut_of_a_file_is_refused_and_nothing_else_is_raised(tmp_path):
    (tmp_path / "a.py").write_text("x = (1.5, b'b', 'a string that is an object')\ndef f(a):\n return lambda: a\n")
    data = compile_file(tmp_path / "a.py", tmp_path / "a.mpy").read_bytes()
    for length in range(len(data)):
        with pytest.raises(mpyfile.MpyError):
            mpyfile.read(data[:length])
    with pytest.raises(mpyfile.MpyError, match="1 bytes too many"):
        mpyfile.read(data + b"x")
    with pytest.raises(mpyfile.MpyError, match="format 6"):
        mpyfile.read(b"M\x05" + data[2:])
    with pytest.raises(mpyfile.MpyError, match="native"):
        mpyfile.read(data[:2] + b"\x04" + data[3:])


LARGE = "def large(a, b, c, d, e, f, g, h, i, j, k):{mark}\n    return a\n"


@pytest.fixture
def hot(tmp_path, monkeypatch):
    folder = tmp_path / "hot"
    folder.mkdir()
    monkeypatch.setattr(gate, "HOT", (folder,))
    return folder


def test_the_gate_names_a_function_too_large_with_its_words_and_its_line(hot, capsys):
    method = LARGE.format(mark="").replace("\n", "\n    ")
    (hot / "module.py").write_text("class C:\n    def small(self): pass\n    " + method)
    assert cli.main(["frames", str(hot)]) == 1
    said = capsys.readouterr().out
    assert "module.py:3: C.large" in said
    assert "12 words = 12 + 3 * 0" in said
    assert "small" not in said


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (LARGE.format(mark="  # cold: at construction"), 0),
        (LARGE.format(mark="  # cold:"), 1),
        ("# cold file: on a PC only\n" + LARGE.format(mark=""), 0),
        (LARGE.format(mark="  # cold: at construction") + LARGE.format(mark="").replace("large", "other"), 1),
        ("if False:\n    def f(): pass\n" + LARGE.format(mark=""), 1),
        ("x = [lambda a, b, c, d, e, f, g, h, i, j, k: a]\n", 1),
    ],
    ids=["cold", "no reason", "cold file", "another one", "after dead code", "lambda"],
)
def test_a_function_is_let_pass_only_where_its_source_gives_a_reason(hot, text, status):
    (hot / "module.py").write_text(text)
    assert cli.main(["frames", str(hot)]) == status


def test_the_gate_leaves_alone_what_is_not_on_a_hot_path(hot, tmp_path):
    (tmp_path / "firmware").mkdir()
    (tmp_path / "firmware" / "module.py").write_text(LARGE.format(mark=""))
    assert cli.main(["frames", str(tmp_path / "firmware")]) == 0


def test_a_folder_that_is_not_there_and_a_file_that_does_not_compile_are_told_in_words(hot, capsys):
    assert cli.main(["frames", str(hot / "nowhere")]) == 1
    assert "nowhere is not a folder" in capsys.readouterr().err
    (hot / "bad.py").write_text("def (")
    assert cli.main(["frames", str(hot)]) == 1
    assert "bad.py does not compile for MicroPython" in capsys.readouterr().err
