import network
from bench import Clock, Lines, equal
from node.network import Network

HOME = {"ssid": "home", "password": "sesame", "static": None, "power_save": False}
SHED = {"ssid": "shed", "password": "acorn", "static": None, "power_save": False}
FIXED = {"address": "10.0.0.50", "netmask": "255.255.0.0", "gateway": "10.0.0.1", "dns": None}


class Rig:
    """Wifi on a radio; `air` holds the networks in reach."""

    def __init__(self, *networks, air=None, now=0, signals=None, free=60_000):
        network.WLAN.air = {"home": "sesame", "shed": "acorn"} if air is None else air
        network.WLAN.signals = signals or {}
        self.free = free
        self.clock = Clock(now)
        self.log = Lines(self.clock)
        self.wifi = Network({"name": "roof", "network": networks}, self.log, self.clock)
        self.radio = network.WLAN.last
        self.wifi.poll(free)

    def poll(self, ms=0, step=100):
        self.wifi.poll(self.free)
        for _ in range(ms // step):
            self.clock.add(step)
            self.wifi.poll(self.free)

    def tried(self):
        """The networks joined so far, in order."""
        return [call[1] for call in self.radio.calls if call[0] == "connect"]

    def link(self):
        self.radio.linked = True
        self.poll()


def test_it_disconnects_first_and_joins_at_once():
    rig = Rig(HOME)
    rig.poll()
    equal(rig.radio.calls, [("disconnect",), ("connect", "home", "sesame")])
    equal(network.names[-1], "roof")


def test_it_is_up_only_with_an_address_and_says_so():
    rig = Rig(HOME)
    rig.poll(5_000)
    assert not rig.wifi.up()
    rig.link()
    assert rig.wifi.up()
    equal(rig.log.lines, ['info  wifi: on "home", address 10.0.0.7'])


def test_it_never_connects_while_connecting():
    rig = Rig(HOME)
    rig.poll(19_000)
    equal([call[0] for call in rig.radio.calls], ["disconnect", "connect"])


def test_idle_in_the_middle_of_joining_is_no_failure():
    rig = Rig(HOME)
    rig.poll()
    rig.radio._status = network.STAT_IDLE
    rig.poll(5_000)
    equal(rig.log.lines, [])
    rig.link()
    assert rig.wifi.up()


def test_a_lost_network_is_joined_again_after_a_disconnect():
    rig = Rig(HOME)
    rig.poll()
    rig.link()
    rig.radio.linked = False
    rig.radio.calls.clear()
    rig.poll()
    assert not rig.wifi.up()
    rig.poll(2_000)
    equal(rig.radio.calls, [("disconnect",), ("connect", "home", "sesame")])
    rig.link()
    equal(rig.log.lines[1:], ['warn  wifi: "home" is lost', 'info  wifi: on "home", address 10.0.0.7'])


def test_the_networks_are_tried_in_turn():
    rig = Rig(HOME, SHED)
    rig.poll(22_000)
    equal(rig.tried(), ["home", "shed"])
    rig.poll(21_000)
    equal(rig.tried(), ["home", "shed", "home"])


def test_a_network_that_says_no_does_not_hold_up_the_next():
    rig = Rig(HOME, SHED, air={"shed": "acorn"})
    rig.poll(7_000)
    equal(rig.tried(), ["home", "shed"])


def test_a_network_that_does_not_answer_is_told_once():
    rig = Rig(HOME)
    rig.poll(100_000)
    equal(rig.log.lines, ['warn  wifi: no answer from "home"'])


def test_a_refused_password_is_told_once_without_the_password():
    rig = Rig(dict(HOME, password="hunter2"))
    rig.poll(100_000)
    equal(rig.log.lines, ['warn  wifi: "home" refused the password: check network[0].password'])


def test_a_network_out_of_reach_is_told_once():
    rig = Rig(HOME, air={})
    rig.poll(100_000)
    equal(rig.log.lines, ['warn  wifi: "home" is not in reach'])


def test_a_radio_that_raises_is_told_and_tried_again():
    rig = Rig(HOME)
    rig.radio._active = False
    rig.poll(5_000)
    equal(rig.log.lines, ['warn  wifi: cannot join "home": Wifi Internal Error'])
    rig.radio._active = True
    rig.poll(2_000)
    rig.link()
    assert rig.wifi.up()


def test_deadlines_hold_when_ticks_wrap():
    rig = Rig(HOME, SHED, now=0x3FFFFFFF - 10_000)
    rig.poll(22_000)
    equal(rig.tried(), ["home", "shed"])


def test_the_network_heard_best_is_tried_first_and_one_not_heard_last():
    attic = dict(HOME, ssid="attic")
    rig = Rig(attic, SHED, HOME, signals={"home": -50, "shed": -80, "neighbour": -30})
    rig.poll(100_000)
    equal(rig.tried()[:3], ["home", "shed", "attic"])
    assert rig.radio.calls.index(("scan",)) < rig.radio.calls.index(("connect", "home", "sesame"))


def test_each_round_listens_again():
    rig = Rig(HOME, SHED, signals={"home": -50, "shed": -80})
    rig.poll(22_000)
    network.WLAN.signals = {"home": -90, "shed": -40}
    rig.poll(42_000)
    equal(rig.tried(), ["home", "shed", "shed", "home"])


def test_a_single_network_needs_no_scan():
    rig = Rig(HOME)
    rig.poll(60_000)
    assert ("scan",) not in rig.radio.calls


def test_nothing_is_scanned_while_something_is_due_and_the_listed_order_is_used_at_last():
    rig = Rig(HOME, SHED, signals={"home": -90, "shed": -40}, free=900)
    rig.poll(4_000)
    equal(rig.tried(), [])
    rig.poll(2_000)
    equal(rig.tried(), ["home"])
    assert ("scan",) not in rig.radio.calls


def test_a_scan_that_fails_leaves_the_listed_order():
    rig = Rig(HOME, SHED)
    rig.radio._active = False
    rig.poll()
    equal(rig.log.lines[0], "warn  wifi: cannot scan: STA must be active")


def test_a_fixed_address_is_set_before_joining():
    rig = Rig(dict(HOME, static=FIXED))
    rig.poll()
    wanted = ("10.0.0.50", "255.255.0.0", "10.0.0.1", "10.0.0.1")
    equal(rig.radio.calls[1:], [("ifconfig", wanted), ("connect", "home", "sesame")])


def test_a_network_without_a_fixed_address_asks_the_router_after_one_that_has():
    rig = Rig(dict(HOME, static=FIXED), SHED)
    rig.poll(22_000)
    equal([call[1] for call in rig.radio.calls if call[0] == "ifconfig"][-1], "dhcp")


def test_the_hardware_address_ends_in_six_digits():
    equal(Rig(HOME).wifi.digits(), "0abcde")
