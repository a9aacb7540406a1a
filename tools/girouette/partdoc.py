"""The page of each part in docs/parts/ and the table of all in docs/drivers.md, made of the schemas, the boards and the
words in which a part tells its faults. Nothing of any one part is written here.
"""

import ast
import re
from pathlib import Path

from . import boards, schema, schemadoc, wiring
from .new import text, wire
from .paths import ROOT

FOLDER = ROOT / "docs" / "parts"
_TABLE = re.compile(r"(<!-- drivers -->\n).*?(<!-- end -->)", re.DOTALL)
_SECTION = {"sensor": "sensors", "actuator": "actuators", "input": "inputs"}
_BUS = {
    "i2c": "I2C", "onewire": "1-Wire", "uart": "a serial port", "adc": "an analog input", "pwm": "a PWM output",
    "output": "an output", "input": "an input", "open_drain": "a pin of its own",
}  # fmt: skip
_SMALL = {"name": "roof", "board": "", "network": [{"ssid": "home"}], "broker": {"host": "broker.local"}}


def pages() -> dict[Path, str]:
    """The text of each part's page, by its path."""
    return {FOLDER / f"{part}.md": page(part) for part in schema.drivers()}


def write() -> list[Path]:
    """Write the pages, and remove those of parts that are no more; all there are."""
    made = pages()
    FOLDER.mkdir(exist_ok=True)
    for path, words in made.items():
        path.write_text(words)
    for path in set(FOLDER.glob("*.md")) - set(made):
        path.unlink()
    return list(made)


def index(words: str) -> str:
    """docs/drivers.md with its table of the parts as they are."""
    rows = ["| driver | role | measures or does | on |", "|---|---|---|---|"]
    for part, about in schema.drivers().items():
        rows.append(f"| [`{part}`](parts/{part}.md) | {schema.role(about)} | {about['description']} | {_on(about)} |")
    return _TABLE.sub(lambda match: match[1] + "\n".join(rows) + "\n" + match[2], words)


def page(part: str) -> str:
    """One part: what it is, its wires on each board, its entry, what it measures or obeys, its keys, its faults."""
    about = schema.drivers()[part]
    blocks = [
        f"# {about['title']}\n\n{about['description']}. On {_on(about)}; driver "
        f"[`lib/drivers/{part}`](../../lib/drivers/{part}/schema.json).",
        _wires(part, about),
        _snippet(part, about),
        _measured(about) if schema.role(about) == "sensor" else _spoken(about),
        "## Keys\n\n" + schemadoc.table_of(about),
        _faults(part),
    ]
    return "\n\n".join(block.strip() for block in blocks if block) + "\n"


def _on(about: dict) -> str:
    addresses = about["properties"].get("address", {}).get("enum", ())
    where = f" at {' or '.join(addresses)}" if addresses else ""
    return _BUS.get(about["bus"], about["bus"]) + where


def _wires(part: str, about: dict) -> str:
    lines = ["## Wiring", "", *(f"- {line}" for line in about["wiring"])]
    keys = [key for key in schema.pins(about) if key in about.get("required", ())]
    if keys:
        lines += ["", "| board | " + " | ".join(f"`{key}`" for key in keys) + " |", "|---" * (len(keys) + 1) + "|"]
        for board, entry in wiring.fitting(part).items():
            pins = " | ".join(str(entry[key]) for key in keys)
            lines.append(f"| [{board}](../../boards/{board}/README.md) | {pins} |")
        lines += ["", "These pins are free on that board and good for it; others may be too: `girouette boards ID`."]
    return "\n".join(lines)


def _snippet(part: str, about: dict) -> str:
    return f"## config.json\n\n```json\n{text(example(part))}```"


def example(part: str, board: str | None = None) -> dict:
    """A whole small configuration with that part, on the first board that has pins for it."""
    fitting = wiring.fitting(part)
    board = board or next(iter(fitting))
    config = _SMALL | {"board": board}
    if "wifi" not in boards.load(board).network:
        config["network"] = wire(board)
    about = schema.drivers()[part]
    if "shows" in about:
        config["sensors"] = [wiring.fitting(about["shows"])[board]]
    return config | {_SECTION[schema.role(about)]: [fitting[board]]}


def _measured(about: dict) -> str:
    rows = ["## Measures", "", "| quantity | unit | decimals | from | to |", "|---|---|---|---|---|"]
    for one in about["quantities"]:
        rows.append("| `{name}` | {unit} | {decimals} | {minimum} | {maximum} |".format(**one))
    more = ", ".join(f"`{one['name']}`" for one in schema.derivable(about))
    if more:
        rows += ["", f"On request also {more}, derived of these: [quantities](../quantities.md)."]
    return "\n".join(rows)


def _spoken(about: dict) -> str:
    kind = about["entity"]["p"]
    says = f"Its state is on `ha/roof/<id>`, retained. Home Assistant knows it as `{kind}`"
    if schema.role(about) == "input":
        return f"## Says\n\n{says}.{_happens(about)}"
    return f"## Obeys\n\nCommands go to `ha/roof/<id>/set`. {says}, Homie as {about['homie']['datatype']}."


def _happens(about: dict) -> str:
    names = " or ".join(f"`{name}`" for name in about.get("events", ()))
    topic = "`ha/roof/<id>/event`, not retained"
    example = f'`{{"event_type":"{next(iter(about.get("events", ())), "")}"}}`'
    return f" What happens, {names}, is told on {topic}, as {example}: an `event` to Home Assistant." if names else ""


def _faults(part: str) -> str:
    told = faults(part)
    lines = "\n".join(f"- {line}" for line in told)
    return f"## Faults\n\nEach has its own words in the log:\n\n{lines}" if told else ""


def faults(part: str) -> list[str]:
    """What a part may say is wrong: the words of its own folder, and those of faults.py that it uses."""
    sources = _sources(part)
    own = {key: words for source in reversed(sources) for key, words in _words(source).items()}
    shared = _words(schema.DRIVERS / "faults.py")
    used = {key for source in sources for key in _failures(source)}
    addressed = "address" in schema.drivers()[part]["properties"] and "lost" not in own
    names = {"lost": "no answer at its address"} if addressed and (own or used) else {}
    told = {**{key: shared[key] for key in shared if key in used}, **own, **names}
    return sorted(told.values())


def _sources(part: str) -> list[Path]:
    """The files of its folder, and of the driver it builds on."""
    found = sorted((schema.DRIVERS / part).glob("*.py"))
    for line in (schema.DRIVERS / part / "__init__.py").read_text().splitlines():
        base = re.match(r"from drivers\.(\w+) import", line)
        if base and (schema.DRIVERS / base[1]).is_dir():
            found += _sources(base[1])
    return found


def _words(source: Path) -> dict[str, str]:
    """The tables FAULTS or _FAULTS of a file."""
    for node in ast.parse(source.read_text()).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "").lstrip("_") == "FAULTS":
            return ast.literal_eval(node.value)
    return {}


def _failures(source: Path) -> list[str]:
    """The texts given to _fail()."""
    calls = (node for node in ast.walk(ast.parse(source.read_text())) if isinstance(node, ast.Call))
    return [
        call.args[0].value
        for call in calls
        if getattr(call.func, "attr", "") == "_fail" and call.args and isinstance(call.args[0], ast.Constant)
    ]
