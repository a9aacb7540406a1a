"""What the pages of the client's optional parts say of their cost: bytes of flash, and of RAM on 32-bit MicroPython."""

import re
from typing import NamedTuple

import pytest
from girouette.paths import LIB, ROOT


class Part(NamedTuple):
    """modules: a pattern of files that must be in its row. with_it, without: what a program does with the part, and
    what one without it does, which has used the plain client before."""

    modules: str
    with_it: str
    without: str = "pass"


PLAIN = "kept = Client('me', '127.0.0.1')"
PARTS = {
    "asyncio": Part("aio*", "import leanmqtt.aio"),
    "mqtt5": Part("v5*", "kept = connected(version=5)", "kept = connected()"),
    "nolocal": Part("nolocal", "import leanmqtt.nolocal", "import leanmqtt.inbox, leanmqtt.message"),
    "seal": Part("seal", "import leanmqtt.seal"),
    "tls": Part("tls*", "kept = Client('me', '127.0.0.1', tls={'insecure': True})", PLAIN),
    "umqtt": Part("umqtt", "import leanmqtt.umqtt"),
    "websocket": Part("ws*", "kept = Client('me', 'ws://127.0.0.1')", PLAIN),
}
GIVE = 0.4  # KB: dead memory that the collector takes for live is more or less by up to 0.6, from program to program
NOT_ON_A_BOARD = {"aiohost", "tlshost"}

PROGRAM = """
import asyncio, gc
from leanmqtt import Client

def connected(**more):
    client = Client('me', '127.0.0.1', {port}, **more)
    client.connect()
    client.publish('a', 'b', 0)
    return client

def receiving(act, **more):
    client = connected(**more)
    client.on_message = act
    client.subscribe('me/x')
    client.publish('me/x', 'hello')
    for _ in range(40):
        client.poll(20)
    return client

def over(n, a=0, b=0, c=0, d=0):  # what a call that returned has left on the stack, the collector takes for live
    return over(n - 1) if n else 0

def once():
    connected().disconnect()

def free():
    over(30)
    gc.collect()
    return gc.mem_free()

class Names:  # room in MicroPython's table of names: when it grows, that is not the part's
    pass

for n in range(400):
    setattr(Names, "name%d" % n, None)
once()
before = free()
{line}
print(before - free())
"""


def row(page: str, name: str) -> str:
    return re.search(rf"^\| {name}[^|]*\| (.*?) \|$", (ROOT / "docs" / f"{page}.md").read_text(), re.MULTILINE)[1]


@pytest.mark.parametrize("page", PARTS)
def test_flash(page, lib_mpy):
    whole, parts = re.match(r"([\d.]+) KB: (.*)", row(page, "flash")).groups()
    told = {name: float(size) for name, size in re.findall(r"`(\w+)` ([\d.]+)", parts)}
    sizes = {name: (lib_mpy / "leanmqtt" / f"{name}.mpy").stat().st_size / 1000 for name in told}
    assert {path.stem for path in (LIB / "leanmqtt").glob(PARTS[page].modules + ".py")} <= set(told) | NOT_ON_A_BOARD
    assert told == pytest.approx(sizes, abs=0.06)
    assert float(whole) == pytest.approx(sum(sizes.values()), abs=0.06)


def taken(mp, lib_mpy, port, line) -> int:
    out = mp.run(PROGRAM.format(port=port, line=line), path=(lib_mpy,), heap="1m")
    assert out.returncode == 0, out.stdout + out.stderr
    return int(out.stdout)


RECEIVING = {
    "if it receives": "m.topic",
    "if it uses properties": "m.properties",
    "if it refuses with words": "(m.properties, m.acknowledge(0x80, {'reason_string': 'a'}))",
}


@pytest.mark.parametrize("how", RECEIVING)
def test_ram_of_receiving_with_mqtt_5(how, mp32, lib_mpy, mosquitto):
    line = "kept = receiving(lambda m: {}, version={})"
    plain = taken(mp32, lib_mpy, mosquitto.port, line.format("m.topic", 4))
    told = float(re.search(rf"([\d.]+) KB {how}", row("mqtt5", "RAM"))[1])
    five = taken(mp32, lib_mpy, mosquitto.port, line.format(RECEIVING[how], 5))
    assert told == pytest.approx((five - plain) / 1000, abs=GIVE)


@pytest.mark.parametrize("page", PARTS)
def test_ram(page, mp32, lib_mpy, mosquitto):
    part = PARTS[page]
    more, less = (taken(mp32, lib_mpy, mosquitto.port, line) for line in (part.with_it, part.without))
    told = float(re.match(r"([\d.]+) KB", row(page, "RAM"))[1])
    assert told == pytest.approx((more - less) / 1000, abs=GIVE)


def test_the_overview_has_what_the_pages_have():
    overview = (ROOT / "docs" / "client.md").read_text()
    told = re.findall(r"^\| \[.*?\]\((\w+)\.md\).*?\| ([\d.]+) KB \| ([\d.]+) KB \|$", overview, re.MULTILINE)
    first = re.compile(r"[\d.]+")
    assert sorted(told) == [
        (page, first.match(row(page, "flash"))[0], first.match(row(page, "RAM"))[0]) for page in PARTS
    ]
