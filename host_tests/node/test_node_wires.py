"""Parts on one wire, from the pin to the broker: two DS18B20 share a pin, a DHT22 has its own, each lives by itself."""

import pytest
from girouette.simboard.parts.dallas import Ds18b20
from girouette.simboard.parts.dht import Dht22
from support import wait_for

SOIL, POOL = "28ac410e07000074", "28ff641e8216c3a1"
SENSORS = [
    {"type": "ds18b20", "id": "soil", "pin": 4, "rom": SOIL, "interval": 1},
    {"type": "ds18b20", "id": "pool", "pin": 4, "rom": "", "interval": 1, "resolution": 10},
    {"type": "dht22", "id": "air", "pin": 14, "interval": 2},
]
T_SOIL, T_POOL, T_AIR = (f"ha/roof/{name}/temperature" for name in ("soil", "pool", "air"))
HUMIDITY = "ha/roof/air/humidity"


@pytest.fixture
def wired(station, witness):
    """(board, soil, pool, air): a running station with its three parts."""
    soil, pool, air = Ds18b20(4), Ds18b20(4, _sound(POOL), offset=5.0), Dht22(14)
    SENSORS[1]["rom"] = pool.rom.hex()
    board = station({"sensors": SENSORS}, sensors=[soil, pool, air])
    for topic in (T_SOIL, T_POOL, T_AIR):
        witness.wait(topic, more=1, timeout=30)
    return board, soil, pool, air


def _sound(rom: str) -> str:
    from girouette.simboard.parts.lines import crc8

    return rom[:14] + f"{crc8(bytes.fromhex(rom[:14])):02x}"


def test_three_parts_on_two_pins_are_published_as_they_are(wired, witness):
    board, *_ = wired
    board.weather.set(temperature=-7.0, humidity=81.0)
    for topic in (T_SOIL, T_POOL, T_AIR):
        witness.wait(topic, more=4, timeout=30)
    assert witness.values(T_SOIL)[-1] == pytest.approx(-7.0, abs=0.3)
    assert witness.values(T_POOL)[-1] == pytest.approx(-2.0, abs=0.5)
    assert witness.values(T_AIR)[-1] == pytest.approx(-7.0, abs=0.4)
    assert witness.values(HUMIDITY)[-1] == pytest.approx(81.0, abs=1)
    assert not [line for line in board.lines if "warn" in line]


@pytest.mark.parametrize("which", [0, 2])
def test_one_is_unplugged_and_comes_back_while_the_others_go_on(wired, witness, which):
    board, *parts = wired
    name, topic = ("soil", "pool", "air")[which], (T_SOIL, T_POOL, T_AIR)[which]
    others = {T_SOIL, T_POOL, T_AIR} - {topic}
    parts[which].unplug()
    if which == 0:  # in the middle of a transfer it is damaged data first
        board.wait_line(f"{SOIL} does not answer, while others on its pin do: {parts[1].rom.hex()}", timeout=30)
    else:
        assert "does not answer" in board.wait_line(f"warn  {name}:", timeout=30)
    silent = len(witness.texts(topic))
    for other in others:
        witness.wait(other, more=3)
    assert len(witness.texts(topic)) == silent
    parts[which].plug()
    board.wait_line(f"{name}: works again", timeout=30)
    wait_for(lambda: len(witness.texts(topic)) > silent + 1, "it to be read again")


def test_without_a_rom_the_log_lists_those_on_the_pin(station):
    soil, pool = Ds18b20(4), Ds18b20(4, _sound(POOL))
    board = station({"sensors": [{"type": "ds18b20", "pin": 4, "interval": 1}]}, sensors=[soil, pool])
    told = board.wait_line("ds18b20: DS18B20 is not alone on its pin", timeout=30)
    assert SOIL in told
    assert pool.rom.hex() in told


def test_a_rom_that_is_none_is_told_at_the_start(station):
    board = station({"sensors": [{"type": "ds18b20", "pin": 4, "rom": "28ac410e07000075"}]}, sensors=[])
    board.wait_line("sensors[0]: rom is the id of a part", timeout=30)
