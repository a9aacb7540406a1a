import builtins
import os

import network
from bench import Clock, Lines, equal
from node.network import Network

HOME = {"ssid": "home", "password": "sesame", "static": None, "power_save": False}
SHED = {"ssid": "shed", "password": "acorn", "static": None, "power_save": False}
NEAR, FAR = b"\x0a\x00\x00\x00\x00\x01", b"\x0a\x00\x00\x00\x00\x02"
HOME_CALL = ("connect", "home", "sesame")
FILE = "wifi.seen"
FIXED = {"address": "10.0.0.50", "netmask": "255.255.0.0", "gateway": "10.0.0.1", "dns": None}


class Rig:
    """Wifi on a radio; `air` holds the networks in reach. It starts without memory of an access point, or with one."""

    def __init__(self, *networks, air=None, now=0, signals=None, free=60_000, points=None, seen=None):
        forget()
        if seen:
            write(seen)
        network.WLAN.points = points or {}
        network.WLAN.air = {"home": "sesame", "shed": "acorn"} if air is None else air
        network.WLAN.signals = signals or {}
        self.free = free
        self.clock = Clock(now)
        self.log = Lines(self.clock)
        self.wifi_settings = {"name": "roof", "network": networks}
        self.wifi = Network(self.wifi_settings, self.log, self.clock)
        self.radio = network.WLAN.last
        self.wifi.poll(free)

    def poll(self, ms=0, step=100):
        self.wifi.poll(self.free)
        for _ in range(ms // step):
            self.clock.add(step)
            self.wifi.poll(self.free)

    def restarted(self):
        """The same air, after a power cut."""
        self.wifi = Network(self.wifi_settings, self.log, self.clock)
        self.radio = network.WLAN.last
        self.wifi.poll(self.free)

    def tried(self):
        """The networks joined so far, in order."""
        return [call[1] for call in self.radio.calls if call[0] == "connect"]

    def link(self):
        self.radio.linked = True
        self.poll()


def forget():
    try:
        os.remove(FILE)
    except OSError:
        pass


def write(seen):
    with open(FILE, "wb") as file:
        file.write(seen)


def seen():
    with open(FILE, "rb") as file:
        return file.read()


def joins(rig):
    return [call for call in rig.radio.calls if call[0] == "connect"]


def test_it_disconnects_first_and_joins_at_once():
    rig = Rig(HOME)
    rig.poll()
    equal([call for call in rig.radio.calls if call[0] != "config"], [("active", True), ("disconnect",), HOME_CALL])
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
    equal([call[0] for call in rig.radio.calls if call[0] != "config"], ["active", "disconnect", "connect"])


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
    equal([call for call in rig.radio.calls if call[0] != "config"], [("disconnect",), HOME_CALL])
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
    equal([call for call in rig.radio.calls[2:] if call[0] != "config"], [("ifconfig", wanted), HOME_CALL])


def test_a_network_without_a_fixed_address_asks_the_router_after_one_that_has():
    rig = Rig(dict(HOME, static=FIXED), SHED)
    rig.poll(22_000)
    equal([call[1] for call in rig.radio.calls if call[0] == "ifconfig"][-1], "dhcp")


def test_the_hardware_address_ends_in_six_digits():
    equal(Rig(HOME).wifi.digits(), "0abcde")


def test_the_signal_is_known_while_it_is_up():
    rig = Rig(HOME)
    equal(rig.wifi.rssi(), None)
    rig.poll()
    rig.link()
    equal(rig.wifi.rssi(), -61)
    equal(rig.wifi.mac(), b"\x24\x6f\x28\x0a\xbc\xde")


def test_power_saving_is_set_before_joining_as_each_network_wants_it():
    rig = Rig(HOME, dict(SHED, power_save=True))
    rig.poll(27_000)
    calls = [call for call in rig.radio.calls if call[0] == "connect" or call[0] == "config" and "pm" in call[1]]
    shed = ("connect", "shed", "acorn")
    equal(calls, [("config", {"pm": 0}), HOME_CALL, ("config", {"pm": 2}), shed])


def test_an_esp32_is_told_to_say_why_it_fails():
    rig = Rig(HOME)
    rig.poll()
    assert ("config", {"reconnects": 0}) in rig.radio.calls


def test_a_handshake_that_ends_is_a_refused_password_and_another_reason_is_told_with_its_number():
    for status, wanted in ((15, "refused the password: check network[0].password"), (2, "refuses the node (status 2)")):
        rig = Rig(HOME)
        rig.poll()
        rig.radio._status = status
        rig.poll(5_000)
        equal(rig.log.lines, ['warn  wifi: "home" ' + wanted])


def test_the_access_point_is_looked_up_once_when_there_is_time_and_used_after_a_restart():
    rig = Rig(HOME, signals={"home": -50, "shed": -20}, points={"home": NEAR}, free=900)
    rig.poll()
    rig.link()
    rig.poll(10_000)
    assert ("scan",) not in rig.radio.calls, "something was due"
    rig.free = 10_000
    rig.poll(10_000)
    equal(rig.radio.calls.count(("scan",)), 1)
    equal(seen(), NEAR + b"home")
    rig.restarted()
    rig.poll()
    equal(joins(rig), [("connect", "home", "sesame", NEAR)])


def test_a_remembered_access_point_needs_no_scan_where_there_is_a_choice():
    rig = Rig(SHED, HOME, signals={"home": -50, "shed": -20}, seen=FAR + b"home")
    rig.poll()
    equal(joins(rig), [("connect", "home", "sesame", FAR)])
    assert ("scan",) not in rig.radio.calls


def test_a_remembered_access_point_that_does_not_answer_is_given_up_in_silence():
    rig = Rig(SHED, HOME, signals={"home": -50}, points={"home": NEAR}, seen=FAR + b"home")
    rig.poll(12_000)
    equal(joins(rig), [("connect", "home", "sesame", FAR), ("connect", "home", "sesame", NEAR)])
    equal(rig.log.lines, [])
    rig.link()
    equal(seen(), NEAR + b"home")


def test_a_single_network_falls_back_to_its_name():
    rig = Rig(HOME, seen=FAR + b"home")
    rig.poll(12_000)
    equal(joins(rig), [("connect", "home", "sesame", FAR), HOME_CALL])


def test_what_is_remembered_of_another_network_or_half_written_is_not_used():
    for text in (FAR + b"cafe", FAR[:3], b"", FAR):
        rig = Rig(HOME, seen=text)
        rig.poll()
        equal(joins(rig), [HOME_CALL])


def test_flash_is_written_only_with_what_is_new():
    rig = Rig(HOME, seen=FAR + b"home")
    rig.poll()
    os.remove(FILE)
    os.mkdir(FILE)  # where no file can be written or read
    try:
        rig.link()
        equal(rig.log.take()[0].split(":")[1], " cannot remember the access point")
    finally:
        os.rmdir(FILE)
    rig = Rig(HOME, seen=FAR + b"home")
    rig.poll()
    written = []
    real, builtins.open = open, lambda path, mode="r": (written.append(mode), real(path, mode))[1]
    try:
        rig.link()
    finally:
        builtins.open = real
    equal(written, ["rb"])


def test_an_interface_that_neither_joins_nor_says_why_is_switched_off_and_on():
    rig = Rig(HOME)
    rig.poll(61_000)
    assert ("active", False) not in rig.radio.calls
    rig.poll(4_000)
    equal([call[1] for call in rig.radio.calls if call[0] == "active"], [True, False, True])
    rig.poll(1_000)
    rig.link()
    assert rig.wifi.up()


def test_an_interface_that_says_why_is_left_alone():
    rig = Rig(HOME, air={})
    rig.poll(600_000)
    assert ("active", False) not in rig.radio.calls


def test_an_interface_that_brings_no_broker_is_switched_off_and_on_each_time_later():
    rig = Rig(HOME)
    rig.poll()
    rig.link()
    spent = []
    for _ in range(3):
        rig.radio.calls.clear()
        ms = 0
        while ("active", False) not in rig.radio.calls:
            rig.clock.add(1_000)
            rig.wifi.poll(60_000, False)
            ms += 1_000
        spent.append(ms)
        while ("connect", "home", "sesame") not in rig.radio.calls:
            rig.clock.add(100)
            rig.wifi.poll(60_000, False)
        rig.radio.linked = True
        rig.wifi.poll(60_000, False)
        assert rig.wifi.up()
    equal(spent, [300_000, 600_000, 1_200_000])
    assert 'warn  wifi: on "home", but no broker is heard: the Wi-Fi starts anew' in rig.log.lines


def test_a_broker_that_is_heard_keeps_the_interface():
    rig = Rig(HOME)
    rig.poll()
    rig.link()
    rig.radio.calls.clear()
    rig.poll(3_600_000, step=1_000)
    assert ("active", False) not in rig.radio.calls
