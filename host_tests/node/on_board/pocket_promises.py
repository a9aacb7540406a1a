import os
import time

import machine
from bench import equal
from node import memory, pocket
from node.memory import Memory
from node.pocket import Pocket

LAYOUT = b"t, h"
HOUR = 830_000_000  # seconds since 2000, somewhere in 2026


class Rtc:
    """An ESP32's: 2,048 bytes that outlive a deep sleep, and not a loss of power."""

    held = b""

    def memory(self, data=None):
        if data is None:
            return Rtc.held
        assert len(data) <= 2048, len(data)
        Rtc.held = bytes(data)


class Bare:
    """One without memory, as on an RP2040 and an STM32."""


def fresh(rtc=Rtc):
    """A chip after power on, with an empty flash of its own."""
    Rtc.held = b""
    machine.RTC = rtc
    folder = "/tmp/girouette-pocket-%d-" % time.time_ns()
    pocket._FILE = folder + "pocket"
    memory._FILE = folder + "memory"


def clean():
    for path in (pocket._FILE, memory._FILE):
        try:
            os.remove(path)
        except OSError:
            pass


def wake(layout=LAYOUT):
    """What a new start finds."""
    return Pocket(Memory(), layout)


def slept(one, on_flash=False):
    one.keep(on_flash)
    one._memory.save()


def held(layout=LAYOUT):
    return [record and (record[0], record[1]) for record in wake(layout).each()]


def test_what_is_kept_is_found_by_the_next_start_in_its_order():
    for rtc in (Rtc, Bare):
        fresh(rtc)
        for i in range(5):
            one = wake()
            one.add(i % 2, -2153 + i, HOUR + i)
            slept(one)
        equal(list(wake().each()), [(i % 2, -2153 + i, HOUR + i) for i in range(5)])
        equal(len(wake()), 5)
        clean()


def test_times_beyond_2068_and_values_of_32_bits_are_kept():
    fresh()
    one = wake()
    one.add(255, -(1 << 31), 0xFFFFFFFF)
    slept(one)
    equal(list(wake().each()), [(255, -(1 << 31), 0xFFFFFFFF)])


def test_more_than_the_rtc_memory_holds_goes_on_in_the_file_in_order():
    fresh()
    for i in range(500):
        one = wake()
        one.add(i % 2, i, HOUR + i)
        slept(one)
        assert len(Rtc.held) <= 2048
    equal(held(), [(i % 2, i) for i in range(500)])
    clean()


def test_what_is_delivered_is_gone_and_the_rest_is_not():
    for rtc in (Rtc, Bare):
        for count in (0, 1, 2, 3, 4, 5):
            fresh(rtc)
            one = wake()
            for i in range(3):
                one.add(0, i, HOUR)
            slept(one, True)
            for i in range(3, 5):
                one.add(0, i, HOUR)
            slept(one)
            one = wake()
            one.drop(count)
            slept(one)
            equal(held(), [(0, i) for i in range(count, 5)])
            one = wake()
            one.add(1, 7, HOUR)
            slept(one)
            equal(held(), [(0, i) for i in range(count, 5)] + [(1, 7)])
            clean()


def test_a_loss_of_power_costs_only_what_is_not_in_the_file():
    fresh()
    one = wake()
    one.add(0, 1, HOUR)
    slept(one, True)
    one.add(0, 2, HOUR)
    slept(one)
    Rtc.held = b""
    equal(held(), [(0, 1)])
    clean()


def test_a_record_torn_by_a_power_cut_is_written_over():
    fresh(Bare)
    one = wake()
    one.add(0, 1, HOUR)
    slept(one)
    for torn in range(1, 10):
        with open(pocket._FILE, "ab") as file:
            file.write(b"\xff" * torn)
        equal(held(), [(0, 1)])
        one = wake()
        one.add(0, 2, HOUR)
        slept(one)
        equal(held(), [(0, 1), (0, 2)])
        os.remove(pocket._FILE)
        one = wake()
        one.add(0, 1, HOUR)
        slept(one)
    clean()


def test_a_damaged_record_is_left_out_and_still_counts():
    fresh(Bare)
    one = wake()
    for i in range(3):
        one.add(0, i, HOUR)
    slept(one)
    with open(pocket._FILE, "r+b") as file:
        file.seek(4 + 10 + 3)
        file.write(b"\x55")
    equal(held(), [(0, 0), None, (0, 2)])
    clean()


def test_readings_of_another_layout_are_counted_and_never_given_another_name():
    for rtc in (Rtc, Bare):
        fresh(rtc)
        one = wake()
        one.add(0, 1, HOUR)
        slept(one, True)
        one.add(0, 2, HOUR)
        slept(one)
        other = wake(b"h, t")
        equal((other.lost, list(other.each())), (2, []))
        clean()


def test_a_memory_of_noise_is_an_empty_one():
    fresh()
    for noise in (b"\xff" * 2048, bytes(2048), b"G", b"G\x00\x05abcd12345", b"G\xff\xff" + b"x" * 40):
        Rtc.held = noise
        equal(Memory().slots, {})


def test_a_memory_that_has_not_changed_is_not_written():
    fresh(Bare)
    one = Memory()
    one.slots["a"] = b"1"
    one.save()
    before = os.stat(memory._FILE)
    os.remove(memory._FILE)
    one.save()
    assert before
    equal(Memory().slots, {})
    one.slots["a"] = b"2"
    one.save()
    equal(Memory().slots, {"a": b"2"})
    clean()


def test_more_than_an_rtc_memory_holds_is_refused_and_what_was_there_stays():
    fresh()
    one = Memory()
    one.slots["a"] = b"1"
    one.save()
    one.slots["b"] = bytes(2048)
    try:
        one.save()
    except ValueError as fault:
        assert "do not fit" in str(fault)
    else:
        raise AssertionError("it took more than there is room for")
    equal(Memory().slots, {"a": b"1"})
