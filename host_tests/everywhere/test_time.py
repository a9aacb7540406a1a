"""Time: tick counters that wrap, weeks without a broker, a program that does not call for days."""

import gc

from fakes import Dice, FakeClock
from harness import Rig
from packets import PINGREQ, PINGRESP, connack, puback, publish

WRAPS = (1 << 30, 1 << 29, 1 << 31, 1 << 32)
DAY = 24 * 3600 * 1000


class TicksMs(FakeClock):
    """A clock as MicroPython's ticks_ms: 30 bits."""

    def __call__(self):
        return self.now & 0x3FFFFFFF


def starts():
    """Moments shortly before each wrap, and clocks of both kinds."""
    return [wrap - before for wrap in WRAPS for before in (500, 20000, 50000)]


def test_the_ping_is_in_time_across_a_wrap():
    for now in starts():
        rig = Rig(now=now)
        rig.up()
        took = rig.until(lambda rig=rig: PINGREQ in rig.sent(), 60000, 100)
        assert 20000 < took < 60000, now
        rig.hear(PINGRESP)
        took = rig.until(lambda rig=rig: PINGREQ in rig.sent(), 60000, 100)
        assert 20000 < took < 60000, now


def test_a_dead_link_is_found_across_a_wrap():
    for now in starts():
        rig = Rig(now=now)
        rig.up()
        took = rig.until(lambda rig=rig: rig.told("disconnect"), 150000, 100)
        assert 30000 < took < 120000, now


def test_the_acknowledgement_timeout_is_in_time_across_a_wrap():
    for now in starts():
        rig = Rig(now=now, keepalive=0)
        rig.up()
        rig.publish("a", b"x", qos=1)
        took = rig.until(lambda rig=rig: rig.told("disconnect"), 70000, 100)
        assert 59000 <= took <= 61000, now


def test_backoff_is_in_time_across_a_wrap():
    for now in starts():
        rig = Rig(now=now)
        rig.link.refuse = OSError(111, "ECONNREFUSED")
        rig.start()
        rig.run(600000, 200)
        times = rig.link.times
        pauses = [times[i + 1] - times[i] for i in range(len(times) - 1)]
        assert len(pauses) > 10 and max(pauses) <= 60200, now
        rig.link.refuse = None
        rig.up()


def test_the_connack_deadline_and_a_poll_end_across_a_wrap():
    for wrap in WRAPS:
        rig = Rig(now=wrap - 700)
        rig.dial()
        rig.until(lambda rig=rig: len(rig.link.opens) == 2, 120000, 100)
        rig = Rig(now=wrap - 700)
        rig.up()
        begin = rig.clock.now
        rig.client.poll(timeout_ms=1400)
        assert rig.clock.now - begin == 1400


def test_connect_and_disconnect_end_in_time_across_a_wrap():
    for wrap in WRAPS:
        rig = Rig(now=wrap - 100)
        rig.link.later(300, connack())
        rig.client.connect()
        rig.client.publish("a", b"x", qos=1)
        begin = rig.clock.now
        assert rig.client.disconnect(timeout_ms=1000) == 1
        assert rig.clock.now - begin <= 1300, wrap


def test_a_stable_minute_counts_across_a_wrap():
    for now in starts():
        rig = Rig(now=now, rand=Dice(3))
        for _ in range(8):
            rig.up()
            rig.lose()
        rig.up()
        rig.link.answer = lambda data, rig=rig: rig.link.feed(PINGRESP) if data == PINGREQ else None
        rig.run(70000, 500)
        rig.link.answer = None
        lost = rig.clock.now
        rig.lose()
        rig.dial()
        assert rig.link.times[-1] - lost <= 1100, now


def offline(rig, ms, step):
    """So much time goes by without a broker; nothing may be raised."""
    for _ in range(50):
        rig.run(ms // 50, step)
        gc.collect()  # else the diary of attempts lies scattered over a MicroPython heap
    assert not rig.client.connected


def back(rig):
    """The broker is there again: connected within two minutes, and everything works."""
    begin = rig.clock.now
    rig.up()
    assert rig.clock.now - begin < 130000
    pid = rig.publish("a", b"back", qos=1)
    assert publish("a", b"back", 1, pid) in rig.sent() or rig.client.pending
    rig.until(lambda: PINGREQ in rig.sent(), 60000, 500)
    assert rig.client.connected and puback(pid)


def test_eight_days_without_a_broker():
    for clock in (FakeClock, TicksMs):
        rig = Rig(on_disconnect=None)  # no diary of thousands of failed attempts
        rig.clock.__class__ = clock
        rig.up()
        rig.client.publish("a", b"old", qos=1)
        rig.link.refuse = OSError(111, "ECONNREFUSED")
        rig.lose()
        offline(rig, 8 * DAY, 20000)
        assert len(rig.link.opens) > 8 * DAY // 60000 // 2
        rig.link.refuse = None
        back(rig)


def test_eight_days_without_a_network():
    rig = Rig(ready=lambda: ready)
    ready = False
    rig.start()
    offline(rig, 8 * DAY, 30000)
    assert rig.link.opens == []
    ready = True
    back(rig)


def test_a_month_offline_with_a_program_that_looks_in_twice_a_day():
    rig = Rig()
    rig.link.refuse = OSError(111, "ECONNREFUSED")
    rig.start()
    offline(rig, 30 * DAY, DAY // 2)
    rig.link.refuse = None
    back(rig)


def test_a_program_that_does_not_call_for_days():
    """However long it was away: nothing is raised, and within minutes of calling again it is connected and works."""
    for days in (1, 5, 6, 7, 8, 12, 13, 20):
        for where in ("up", "waiting", "stopped"):
            rig = Rig()
            if where == "up":
                rig.up()
                rig.publish("a", b"x", qos=1)
            elif where == "waiting":
                rig.link.refuse = OSError(111, "ECONNREFUSED")
                rig.start()
                rig.run(100000, 1000)
            else:
                rig.up()
                rig.client.disconnect()
            rig.clock.add(days * DAY)
            rig.link.refuse = None
            if where == "up":
                rig.until(lambda rig=rig: not rig.client.connected, 150000, 500)
            elif where == "stopped":
                rig.start()
            back(rig)


def test_weeks_on_a_quiet_link():
    """A ping an hour for three weeks, and nothing else."""
    rig = Rig(keepalive=3600)
    rig.link.answer = lambda data: rig.link.feed(PINGRESP) if PINGREQ in data else None
    rig.up()
    end = rig.clock.now + 21 * DAY
    while rig.clock.now < end:
        rig.clock.add(max(1, rig.client.due_ms()))
        rig.client.poll(0)
        rig.client.poll(0)
    assert rig.told("disconnect") == [] and len(rig.sent()) > 21 * 24


def test_the_longest_keepalive():
    rig = Rig(keepalive=65535, now=(1 << 30) - 5000000)
    rig.up()
    took = rig.until(lambda: PINGREQ in rig.sent(), 65535000, 60000)
    assert took > 20000000
