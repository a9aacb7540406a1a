"""What a station must live through: Wi-Fi, broker and power lost for a while, a silent link, ticks that wrap."""

from girouette.simboard import Weather
from girouette.simboard.weather import Truth
from support import wait_for

TEMPERATURE, STATUS = "ha/temperature", "ha/roof/status"
RISE = 0.5  # degrees a second


class Ramp(Weather):
    """A temperature that only rises, so that each reading tells when it was taken."""

    def at(self, seconds: float) -> Truth:
        return super().at(0)._replace(temperature=-30 + RISE * (seconds - self._offset))


def assert_complete(values: list[float], interval: float = 1.0):
    """Every reading is there, in order, and once: but for what was under way at a cut, as QoS 1 may have it."""
    steps = [(after - before) / RISE / interval for before, after in zip(values, values[1:], strict=False)]
    assert steps.count(0) <= 1, f"more came twice than was under way: {steps}"
    assert all(0.5 < step < 1.5 for step in steps if step), f"steps between readings, in intervals: {steps}"


def last(witness) -> float:
    return witness.values(TEMPERATURE)[-1]


def test_readings_taken_without_wifi_arrive_in_order_afterwards(station, witness):
    weather = Ramp()
    board = station(weather=weather)
    witness.wait(TEMPERATURE, more=2)
    board.wifi(False)
    board.wait_line('warn  wifi: "home" is lost')
    before = len(witness.texts(TEMPERATURE))
    wait_for(lambda: weather.now().temperature > last(witness) + 6 * RISE, "readings to be queued")
    assert len(witness.texts(TEMPERATURE)) <= before + 1, "nothing can arrive while there is no Wi-Fi"
    board.wifi(True)
    board.wait_line("readings waiting", timeout=40)
    witness.wait(TEMPERATURE, more=8)
    assert_complete(witness.values(TEMPERATURE))
    assert witness.texts(STATUS)[-1] == "online"


def test_readings_taken_without_a_broker_arrive_in_order_afterwards(station, witness, mosquitto):
    weather = Ramp()
    board = station({"broker.persistent": True}, weather=weather)
    witness.wait(TEMPERATURE, more=2)
    mosquitto.stop()
    seen = last(witness)
    wait_for(lambda: weather.now().temperature > seen + 4 * RISE, "readings to be queued")
    board.net.freeze()
    mosquitto.restart()
    wait_for(lambda: witness.connected, "the witness to be back before the node")
    board.net.thaw()
    wait_for(lambda: last(witness) > seen + 8 * RISE, "readings to arrive", timeout=60)
    assert_complete(witness.values(TEMPERATURE))


def test_a_dead_link_is_noticed_and_nothing_is_lost(station, witness):
    weather = Ramp()
    board = station(weather=weather)
    witness.wait(TEMPERATURE, more=2)
    board.net.freeze()
    board.wait_line("warn  broker:", timeout=30)
    board.net.thaw()
    board.wait_line("readings waiting", timeout=60)
    witness.wait(TEMPERATURE, more=6, timeout=40)
    assert_complete(sorted(set(witness.values(TEMPERATURE))))
    assert witness.texts(STATUS).count("offline") == 1


def test_the_oldest_readings_make_way_when_the_outbox_is_full(station, witness):
    weather = Ramp()
    board = station({"broker.outbox": 256}, weather=weather)
    witness.wait(TEMPERATURE, more=2)
    board.wifi(False)
    board.wait_line('warn  wifi: "home" is lost')
    seen = last(witness)
    wait_for(lambda: weather.now().temperature > seen + 8 * RISE, "more readings than there is room for")
    board.wifi(True)
    witness.wait(TEMPERATURE, more=9, timeout=40)
    values = witness.values(TEMPERATURE)
    assert values == sorted(values)
    assert max(after - before for before, after in zip(values, values[1:], strict=False)) > 2 * RISE


def test_the_watchdog_is_fed_through_every_outage(station, witness, mosquitto):
    board = station({"watchdog": 2})
    witness.wait(TEMPERATURE)
    assert board.watchdog == 2
    for break_it, repair in (
        (lambda: board.wifi(False), lambda: board.wifi(True)),
        (board.net.freeze, board.net.thaw),
        (mosquitto.stop, mosquitto.restart),
        (board.sensor("bme280").unplug, board.sensor("bme280").plug),
    ):
        break_it()
        begun = board.weather.now(), len(board.lines)
        wait_for(lambda begun=begun: len(board.lines) > begun[1], "the station to notice", timeout=30)
        repair()
        witness.wait(TEMPERATURE, timeout=60)
    assert board.boots == ["power on"]


def test_the_watchdog_bites_a_loop_that_has_stopped(station, witness):
    stuck = """
from node import app
make = app.make
def stuck(*how):
    station = make(*how)
    station.network.up = station.network.poll = lambda: stop(station)
    return station
def stop(station):
    while True: pass
app.make = stuck
app.main()
"""
    board = station({"watchdog": 1}, main=stuck)
    board.wait_boot("watchdog", timeout=30)


def test_the_station_goes_on_when_ticks_wrap(station, witness):
    station(weather=Ramp(), ticks_start=2**30 - 5_000)
    witness.wait(TEMPERATURE, more=9, timeout=30)
    assert_complete(witness.values(TEMPERATURE))


def test_a_station_that_lost_its_power_comes_back(station, witness):
    board = station()
    witness.wait(TEMPERATURE)
    board.power_cycle()
    board.wait_boot("power on")
    witness.wait(STATUS, "online")
    witness.wait(TEMPERATURE, more=2)


def test_a_fault_of_the_firmware_itself_restarts_it(station):
    broken = "from node import app\napp.make = lambda *_: 1 // 0\napp.main()\n"
    board = station(main=broken)
    board.wait_line("restarts in 10 s after a fault of its own")
    board.wait_line("ZeroDivisionError")
    board.wait_boot("hard", timeout=30)
