import struct

from bench import equal
from node.sntp import Refused, time_of

FROM_1900 = 2208988800
NOW = 1795578610  # 2026-11-25T03:50:10Z


def answer(seconds=NOW, first=0x24, stratum=2, reference=b"\x0a\0\0\1", inside=0.0, delay=0, dispersion=0):
    """The 48 bytes of RFC 5905, figure 8."""
    sent = int(seconds + FROM_1900 + inside)
    early = seconds + FROM_1900
    packet = bytes((first, stratum, 6, 0xEC)) + struct.pack(">HHHH", delay, 0, dispersion, 0) + reference + bytes(16)
    parts = (int(early) & 0xFFFFFFFF, 0, sent & 0xFFFFFFFF, int((inside % 1) * 65536) << 16)
    return packet + struct.pack(">IIII", *parts)


def refused(packet):
    try:
        time_of(packet, 10)
    except Refused as fault:
        return str(fault), fault.final
    raise AssertionError("taken for good")


def test_half_of_the_way_there_and_back_is_added():
    equal(time_of(answer(), 0), NOW * 1000)
    equal(time_of(answer(), 80), NOW * 1000 + 40)


def test_the_time_inside_the_server_is_no_part_of_the_way():
    equal(time_of(answer(inside=0.5), 600), NOW * 1000 + 500 + 50)


def test_the_era_that_begins_in_2036_follows_this_one():
    late = 2085978496 + 5  # 2036-02-07T06:28:21Z
    equal(time_of(answer(late), 0), late * 1000)


def test_a_server_that_does_not_know_the_time_is_refused():
    equal(refused(answer(first=0xE4)), ("does not know the time itself", False))
    equal(refused(answer(stratum=16))[0], "does not know the time itself")
    equal(refused(answer(stratum=0, reference=b"INIT"))[0], "does not know the time itself")
    equal(refused(answer(dispersion=16))[0], "is too far from the true time")
    equal(refused(answer(delay=20, dispersion=6))[0], "is too far from the true time")


def test_only_the_answer_of_a_server_counts():
    for mode in (0, 1, 2, 3, 5, 6, 7):
        equal(refused(answer(first=0x20 | mode))[0], "answers, but not as a time server")


def test_a_kiss_of_death_is_obeyed():
    equal(refused(answer(stratum=0, reference=b"DENY")), ("does not want to be asked by this node", True))
    equal(refused(answer(stratum=0, reference=b"RSTR")), ("does not want to be asked by this node", True))
    equal(refused(answer(stratum=0, reference=b"RATE")), ("wants to be asked less often", False))


def test_a_time_before_this_firmware_is_no_time():
    equal(refused(answer(1262304000))[0], "tells a time that is long over")
    zero = bytearray(answer())
    zero[40:48] = bytes(8)
    equal(refused(zero)[0], "does not know the time itself")
