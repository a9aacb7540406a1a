"""The chip's own clock, which goes on through a reset. Who knows the time is wall.py."""

import machine


def days(year, month, day):
    """Days since 1970; years begin in March, so that leap days come last."""
    if month < 3:
        year -= 1
        month += 12
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * (month - 3) + 2) // 5 + day - 719469


def keep(text):  # cold: every few hours
    """Set the chip to `text`, 2026-11-25T03:50:10Z. Weekdays count from 1, as MicroPython's ntptime sets them."""
    if hasattr(machine, "RTC"):
        year, month, day = int(text[0:4]), int(text[5:7]), int(text[8:10])
        hour, minute, second = int(text[11:13]), int(text[14:16]), int(text[17:19])
        weekday = (days(year, month, day) + 3) % 7 + 1
        machine.RTC().datetime((year, month, day, weekday, hour, minute, second, 0))
