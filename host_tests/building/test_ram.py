"""The rule by which `girouette build` tells the RAM of a module, measured on MicroPython with the objects of a chip."""

import ast
import json
import subprocess
from pathlib import Path

import pytest
from girouette import build, toolchain
from girouette.build import ram
from girouette.paths import FIRMWARE, LIB

WEIGH = Path(__file__).parent / "on_board" / "weigh.py"
SAMPLE = """leanmqtt.session leanmqtt.outbox leanmqtt.words leanmqtt.store drivers.bmp280 drivers.dimmer drivers.flat
node.things node.wifi node.topics node.check node.wall node.log node.led node.homeassistant node.sntp""".split()  # noqa: SIM905


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> build.Built:
    return build.make("ESP32_GENERIC", tmp_path_factory.mktemp("ram") / "out")


def modules(built: build.Built) -> dict[str, str]:
    """The name of each module that has a source, and its path in the build."""
    found = {}
    for path in built.ram:
        parts = list(Path(path).with_suffix("").parts)
        parts = parts[1:] if parts[0] == "lib" else parts
        parts = parts[:-1] if parts[-1] == "__init__" else parts
        if source(parts):
            found[".".join(parts)] = path
    return found


def source(parts: list[str]) -> Path | None:
    base = (FIRMWARE if parts[0] == "node" else LIB).joinpath(*parts)
    found = [path for path in (base.with_suffix(".py"), base / "__init__.py") if path.is_file()]
    return found[0] if found else None


def imported(name: str) -> list[str]:
    """What the module imports as it is loaded, by full names."""
    path = source(name.split("."))
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    found = [".".join(package)] if package else []
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            found += [base, *(f"{base}.{alias.name}" for alias in node.names)]
    ours = [other for other in found if other.split(".")[0] in ("leanmqtt", "drivers", "node")]
    return [other for other in ours if other != name and source(other.split("."))]


def weigh(built: build.Built, name: str) -> int:
    about = {"path": [str(built.folder), str(built.folder / "lib")], "first": imported(name), "name": name}
    command = [toolchain.micropython(32), "-X", "heapsize=2m", str(WEIGH)]
    result = subprocess.run(command, input=json.dumps(about), text=True, capture_output=True, timeout=60)
    assert result.returncode == 0, f"{name}: {result.stdout}{result.stderr}"
    return int(result.stdout)


def error(built: build.Built, names) -> tuple[float, float]:
    """By how much the rule is off for all modules together, and on average for one."""
    paths = modules(built)
    weights = {name: weigh(built, name) for name in names}
    told = {name: ram.estimate(built.sizes[paths[name]]) for name in names}
    each = [abs(told[name] - weights[name]) / weights[name] for name in names]
    return abs(sum(told.values()) / sum(weights.values()) - 1), sum(each) / len(each)


def test_the_rule_tells_what_the_modules_of_a_sample_take(built):
    together, each = error(built, SAMPLE)
    assert together < 0.20 and each < 0.25


@pytest.mark.full
def test_the_rule_tells_what_all_modules_take(built):
    together, each = error(built, modules(built))
    assert together < 0.05 and each < 0.35
