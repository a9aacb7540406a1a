"""The stubs of lib/leanmqtt are its public face: every public module has one, and it says what is true."""

import ast
import inspect
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import leanmqtt
import pytest
from checkers import completeness
from girouette import build
from girouette.paths import LIB
from leanmqtt import Client, Will
from leanmqtt.journal import Client as JournalClient
from leanmqtt.journal import Journal
from leanmqtt.message import Message
from leanmqtt.nolocal import NoLocal
from leanmqtt.transport import Tcp
from leanmqtt.umqtt import MQTTClient
from leanmqtt.v5 import V5

PACKAGE = LIB / "leanmqtt"
STUBS = {path.stem: path for path in PACKAGE.glob("*.pyi")}
AIO = {"messages", "connect_ms", "goodbye_ms", "kind", "journal"}
INTERNAL = Path(__file__).with_name("internal.txt")


def stubtest(folder: Path, *options: str) -> str:
    """What mypy's stubtest has against the stubs in `folder`/leanmqtt, by the modules of lib/; '' when nothing."""
    # The stubs stand alone, so that a module without one is missed rather than read in its place.
    env = {**os.environ, "MYPYPATH": str(folder), "PYTHONPATH": str(LIB)}
    command = [sys.executable, "-m", "mypy.stubtest", "leanmqtt", "--concise", "--allowlist", str(INTERNAL), *options]
    done = subprocess.run(command, cwd=folder, env=env, text=True, capture_output=True, timeout=110)
    assert not done.stderr, done.stderr
    return "" if done.returncode == 0 else done.stdout


@pytest.fixture
def stubs(tmp_path) -> Path:
    """A copy of the stubs alone."""
    folder = tmp_path / "stubs" / "leanmqtt"
    folder.mkdir(parents=True)
    for path in [*STUBS.values(), PACKAGE / "py.typed"]:
        shutil.copy(path, folder)
    return folder.parent


def test_the_stubs_are_what_the_modules_are_and_no_public_module_is_without(stubs):
    said = stubtest(stubs)
    assert said == "", f"a stub is missing or wrong, or {INTERNAL.name} names what is no more:\n{said}"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("keepalive: int = 60", "keepalive: int = 61", "keepalive"),
        ("timeout_ms: int = 0", "timeout: int = 0", "timeout"),
        ("    def start(self) -> None: ...\n", "", "Client.start is not present in stub"),
        ("    def due_ms(self)", "    def due(self)", "Client.due is not present at runtime"),
    ],
)
def test_a_stub_that_is_wrong_is_found(stubs, old, new, words):
    path = stubs / "leanmqtt" / "client.pyi"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    assert words in stubtest(stubs)


def test_a_public_module_without_a_stub_is_found(stubs):
    (stubs / "leanmqtt" / "withdraw.pyi").unlink()
    assert "leanmqtt.withdraw failed to find stubs" in stubtest(stubs)


def test_no_stub_is_left_of_a_module_that_is_no_more():
    assert [name for name in STUBS if not (PACKAGE / f"{name}.py").is_file()] == []


# What stubtest cannot see: attributes are made in __init__, not in the class


def annotated(module: str, name: str) -> set[str]:
    """The attributes that the stub of a class annotates."""
    (made,) = [node for node in ast.parse(STUBS[module].read_text()).body if getattr(node, "name", "") == name]
    return {node.target.id for node in made.body if isinstance(node, ast.AnnAssign)}


def public(thing) -> set[str]:
    return {name for name in vars(thing) if not name.startswith("_")}


@pytest.mark.parametrize(
    ("module", "thing", "internal"),
    [
        ("__init__", Will("a", "b"), set()),
        ("client", Client("a", "b"), set()),
        ("transport", Tcp(), set()),
        ("umqtt", MQTTClient("a", "b"), {"tls", "sizes", "will"}),
        ("nolocal", NoLocal(Client("a", "b")), {"rx", "at", "topic_end", "pay", "end"}),
    ],
)
def test_the_attributes_of_an_object_are_those_of_its_stub(module, thing, internal):
    stated = annotated(module, type(thing).__name__) - {"v5"}  # that one is not of this version
    of_the_class = {name for name in stated if hasattr(type(thing), name)}
    assert stated - of_the_class == public(thing) - internal


def test_the_attributes_of_the_journals_stub_exist(tmp_path):
    journal = Journal(str(tmp_path / "a.log"))
    client = JournalClient("a", "b", clean=False, journal=journal)
    assert annotated("journal", "Journal") <= public(journal)
    assert annotated("journal", "Client") == public(client) - public(Client("a", "b"))


def method(module: str, name: str, of: str = "Client") -> ast.arguments:
    """The parameters of a method in a stub."""
    (made,) = [node for node in ast.parse(STUBS[module].read_text()).body if getattr(node, "name", "") == of]
    (found,) = [node for node in made.body if getattr(node, "name", "") == name]
    return found.args


def parameters(module: str) -> dict[str, tuple[str, str]]:
    """Type and default, as text, of each that Client takes by a stub."""
    args = method(module, "__init__")
    plain = zip(args.args[::-1], [*args.defaults[::-1], *[None] * len(args.args)], strict=False)
    both = [*reversed([*plain]), *zip(args.kwonlyargs, args.kw_defaults, strict=True)]
    text = {one.arg: (one.annotation, default) for one, default in both if one.arg != "self"}
    return {name: tuple(part and ast.unparse(part) for part in parts) for name, parts in text.items()}


@pytest.mark.parametrize(("module", "more"), [("journal", {"journal"}), ("aio", AIO)])
def test_other_clients_take_what_the_client_takes(module, more):
    found = parameters(module)
    assert {name: found[name] for name in found if name not in more} == parameters("client")


def test_a_client_of_mqtt_5_has_the_methods_that_the_stub_of_the_client_says():
    for name in ("subscribe", "unsubscribe", "disconnect"):
        assert ast.unparse(method("client", name)) == ast.unparse(method("v5", name, "V5"))
    given = [*inspect.signature(V5).parameters][2:]
    assert given == [one.arg for one in method("client", "__init__").kwonlyargs]


def test_a_message_has_no_public_method_that_its_stub_has_not():
    (made,) = [node for node in ast.parse(STUBS["message"].read_text()).body if getattr(node, "name", "") == "Message"]
    stated = {node.name for node in made.body if isinstance(node, ast.FunctionDef)}
    assert stated - {"__init__", "properties", "acknowledge"} == {
        name for name, _ in inspect.getmembers(Message) if not name.startswith("_")
    }


# The package for a PC


def test_the_wheel_holds_every_module_its_stub_and_the_mark_of_a_typed_package(wheel):
    with zipfile.ZipFile(wheel) as archive:
        there = {name for name in archive.namelist() if name.startswith("leanmqtt/")}
    assert there == {f"leanmqtt/{path.name}" for path in PACKAGE.iterdir() if path.suffix in (".py", ".pyi", ".typed")}
    assert wheel.name == f"leanmqtt-{build.version()}-py3-none-any.whl"


def test_building_it_leaves_nothing_behind_that_could_go_to_a_board(wheel):
    there = {path.name for path in LIB.iterdir() if path.suffix != ".json"}
    assert there - {"__pycache__"} == {"leanmqtt", "drivers", "pyproject.toml"}


def test_the_installed_package_runs(python):
    code = "import leanmqtt; print(leanmqtt.__file__); print(leanmqtt.Client('a', 'b').pending)"
    done = subprocess.run([python, "-I", "-c", code], text=True, capture_output=True, timeout=30)
    path, pending = done.stdout.split()
    assert Path(path).is_relative_to(python.parents[1]) and pending == "0"
    assert Path(leanmqtt.__file__).is_relative_to(LIB), "this test's own is the other one"


@pytest.mark.full
def test_the_type_of_every_public_symbol_is_known(python, tmp_path):
    public = ["leanmqtt." + name for name in STUBS if name != "__init__"]
    types = {one["name"]: one["isTypeKnown"] for one in completeness("leanmqtt", python, tmp_path)}
    ours = [name for name in types if name.count(".") == 1 or ".".join(name.split(".")[:2]) in public]
    assert {"leanmqtt.Will", "leanmqtt.client.Client.publish", "leanmqtt.client.Client.on_message"} <= set(ours)
    assert [name for name in ours if not types[name]] == []
