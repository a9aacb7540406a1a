"""Reconnecting: how long between two attempts, and to which host the next one goes."""

from fakes import Dice
from harness import Rig
from packets import connack

REFUSED = OSError(111, "ECONNREFUSED")
STEP = 20  # ms between two polls, the grain of every measured time


def down(**options):
    """A started rig of which every connection is refused."""
    rig = Rig(**options)
    rig.link.refuse = REFUSED
    rig.start()
    return rig


def attempts(rig, count, limit=10000000):
    """Waits for so many more attempts; returns the pauses before them."""
    begin = len(rig.link.times)
    rig.until(lambda: len(rig.link.times) >= begin + count, limit, STEP)
    times = rig.link.times[max(0, begin - 1) :]
    return [times[i + 1] - times[i] for i in range(len(times) - 1)]


def test_the_first_attempt_is_made_at_once():
    rig = Rig()
    rig.start()
    rig.settle()
    assert rig.link.times == [5000]


def test_a_broker_that_is_down_is_tried_for_ever():
    """The first connection is retried like any other under start()."""
    rig = down()
    attempts(rig, 200)
    rig.link.refuse = None
    rig.up()
    assert rig.told("connect") == [(False,)]


def test_pauses_double_from_one_second_to_sixty_at_the_most():
    for seed in range(1, 25):
        pauses = attempts(down(rand=Dice(seed)), 12)
        for i, pause in enumerate(pauses):
            assert pause <= min(60000, 1000 << i) + STEP, (seed, i, pause)


def test_pauses_are_spread_over_the_whole_range():
    """Full jitter: fifty nodes must not come back together."""
    first = [attempts(down(rand=Dice(seed)), 2)[0] for seed in range(1, 60)]
    assert min(first) < 300 and max(first) > 700 and 300 < sum(first) // len(first) < 700
    late = attempts(down(), 120)[10:]
    assert min(late) < 12000 and max(late) > 48000 and 20000 < sum(late) // len(late) < 40000


def test_the_bounds_may_be_chosen():
    pauses = attempts(down(backoff_ms=(100, 2000)), 60)
    assert pauses[0] <= 100 + STEP and max(pauses) <= 2000 + STEP and max(pauses) > 1500


def test_a_link_stable_for_a_minute_starts_the_pauses_anew():
    for seed in range(1, 9):
        rig = down(rand=Dice(seed))
        attempts(rig, 12)
        rig.link.refuse = None
        rig.up()
        rig.run(61000, 1000)
        rig.link.answer = None
        rig.link.refuse = REFUSED
        lost, begin = rig.clock.now, len(rig.link.times)
        rig.lose()
        rig.until(lambda rig=rig, begin=begin: len(rig.link.times) > begin, 100000, STEP)
        assert rig.link.times[begin] - lost <= 1000 + STEP


def test_a_link_that_breaks_at_once_does_not_start_them_anew():
    """Two clients with one id push each other out for ever: they must slow down, not storm."""
    rig = Rig()
    for _ in range(12):
        rig.up()
        rig.lose()
    pauses = []
    for _ in range(20):
        lost = rig.clock.now
        rig.dial()
        pauses.append(rig.link.times[-1] - lost)
        rig.link.feed(connack())
        rig.settle()
        rig.lose()
    assert sum(pauses) // len(pauses) > 15000, pauses


def test_not_authorised_is_tried_more_slowly():
    def first_pauses(code):
        total = 0
        for seed in range(1, 30):
            rig = Rig(rand=Dice(seed))
            rig.dial()
            rig.hear(connack(code=code))
            refused, begin = rig.clock.now, len(rig.link.times)
            rig.until(lambda rig=rig, begin=begin: len(rig.link.times) > begin, 1000000, STEP)
            total += rig.link.times[begin] - refused
        return total

    assert first_pauses(5) > 3 * first_pauses(3)


def test_hosts_are_tried_in_turn():
    rig = down(host=["one", "two", "three"])
    attempts(rig, 7)
    assert [host for host, _ in rig.link.opens] == ["one", "two", "three", "one", "two", "three", "one"]


def test_a_good_host_among_bad_ones_is_found():
    rig = Rig(host=["bad", "good"])
    opened = rig.link.open

    def open_good_only(host, port):
        rig.link.refuse = REFUSED if host == "bad" else None
        opened(host, port)

    rig.link.open = open_good_only
    rig.up()
    assert rig.link.opens[-1][0] == "good"
    rig.lose()
    rig.up()
    assert rig.link.opens[-1][0] == "good"


def test_every_form_of_a_host():
    """host, host:port, [ipv6]:port, (host, port); the port given to the client is for those without one."""
    forms = (
        ("broker.local", 0, ("broker.local", 1883)),
        ("broker.local", 1884, ("broker.local", 1884)),
        ("broker.local:2000", 0, ("broker.local", 2000)),
        ("broker.local:2000", 1884, ("broker.local", 2000)),
        ("10.0.0.7", 0, ("10.0.0.7", 1883)),
        ("10.0.0.7:81", 0, ("10.0.0.7", 81)),
        ("[::1]:2000", 0, ("::1", 2000)),
        ("[fe80::1]", 1884, ("fe80::1", 1884)),
        (("broker.local", 2000), 0, ("broker.local", 2000)),
        (("::1", 2000), 0, ("::1", 2000)),
    )
    for host, port, want in forms:
        for entry in ([host],) if isinstance(host, tuple) else (host, [host]):  # a pair stands in a list
            rig = Rig(host=entry, port=port)
            rig.start()
            rig.settle()
            assert rig.link.opens == [want], (entry, port)
    rig = down(host=["a:1", ("b", 2), "[::1]:3", "d"], port=4)
    attempts(rig, 4)
    assert rig.link.opens == [("a", 1), ("b", 2), ("::1", 3), ("d", 4)]


def test_the_name_is_asked_again_after_a_failed_connect():
    """Every attempt hands the name over anew: an address that changed is found."""
    rig = down(host="broker.local")
    attempts(rig, 3)
    assert rig.link.opens == [("broker.local", 1883)] * 3


def test_no_name_is_resolved_before_the_network_is_ready():
    asked = []
    rig = Rig(ready=lambda: asked.append(len(rig.link.opens)) or len(asked) > 50)
    rig.start()
    rig.run(5000, 100)
    assert rig.link.opens == [] and len(asked) > 5 and rig.client.connected is False
    rig.up()
    opens = len(rig.link.opens)
    assert opens == 1 and asked[-1] == 0
    asked.clear()
    rig.lose()
    rig.run(10000, 100)
    assert len(rig.link.opens) == opens, "asked before every resolution"
    rig.up()


def test_a_network_that_is_not_ready_is_no_fault():
    rig = Rig(ready=lambda: False)
    rig.start()
    rig.run(3600000, 1000)
    assert rig.link.opens == [] and rig.told("disconnect") == []


def test_the_old_connection_is_closed_before_the_next():
    """The transport of these tests refuses anything else; here every way to end is walked through."""
    rig = Rig()
    for end in (0, -1, 0, -1):
        rig.up()
        rig.lose(end)
    rig.up()
    rig.link.deaf = True
    rig.client.publish("a", b"x", qos=0)
    rig.until(lambda: len(rig.told("disconnect")) == 5, 1000)
    rig.link.deaf = False
    rig.up()
    assert rig.link.closes >= 5
