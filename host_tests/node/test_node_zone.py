"""Local time on the device against Python's zoneinfo: zones of all kinds, every change of 15 years."""

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from girouette.check import zones

TABLES = Path(__file__).parent / "on_board" / "zone" / "tables.py"
YEARS = range(2026, 2041)
NAMES = (
    "Europe/Berlin", "Europe/London", "Europe/Dublin", "Europe/Lisbon", "Europe/Istanbul", "America/New_York",
    "America/Los_Angeles", "America/St_Johns", "America/Havana", "America/Santiago", "America/Asuncion", "America/Nuuk",
    "America/Sao_Paulo", "Asia/Jerusalem", "Asia/Beirut", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Tokyo",
    "Africa/Cairo", "Africa/Johannesburg", "Australia/Sydney", "Australia/Adelaide", "Australia/Brisbane",
    "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Easter", "Pacific/Norfolk",
    "Pacific/Kiritimati", "Antarctica/Troll", "UTC",
)  # fmt: skip
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def ahead(zone: ZoneInfo, minute: int) -> int:
    return int((EPOCH + timedelta(minutes=minute)).astimezone(zone).utcoffset().total_seconds()) // 60


def expected(zone: ZoneInfo, year: int) -> list[int]:
    """The table of a year: looked for day by day, then by halves."""
    begin, end = ((datetime(y, 1, 1, tzinfo=timezone.utc) - EPOCH).days * 1440 for y in (year, year + 1))
    made = [begin, ahead(zone, begin)]
    for day in range(begin, end, 1440):
        low, high = day, min(day + 1440, end - 1)
        if ahead(zone, low) != ahead(zone, high):
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if ahead(zone, middle) == ahead(zone, low) else (low, middle)
            made += [high, ahead(zone, high)]
    return [*made, end]


def device(mp, built, folder, asked) -> list[list[int]]:
    (folder / "asked").write_text("".join(json.dumps(line) + "\n" for line in asked))
    result = mp.run(TABLES, args=(folder / "asked",), path=(built, built / "lib"), timeout=300)
    assert result.returncode == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_every_change_of_every_zone_is_that_of_zoneinfo(mp, built, tmp_path):
    asked, wanted = [], []
    for name in NAMES:
        text, zone = zones.posix(name), ZoneInfo(name)
        for year in YEARS:
            table = expected(zone, year)
            asked.append((text, table[0] + 7 * (year - 2000) * 1440 + 33))  # some minute of it
            wanted.append(table)
    found = device(mp, built, tmp_path, asked)
    wrong = [(ask, made, table) for ask, made, table in zip(asked, found, wanted, strict=True) if made != table]
    assert wrong == []
    assert sum(len(table) > 3 for table in wanted) > len(wanted) // 2


def test_the_first_and_the_last_minute_of_a_year_are_in_its_table(mp, built, tmp_path):
    first = (datetime(2028, 1, 1, tzinfo=timezone.utc) - EPOCH).days * 1440
    text = zones.posix("Australia/Sydney")
    found = device(mp, built, tmp_path, [(text, first), (text, first + 366 * 1440 - 1), (text, first - 1)])
    assert found[0] == found[1] == expected(ZoneInfo("Australia/Sydney"), 2028)
    assert found[2] == expected(ZoneInfo("Australia/Sydney"), 2027)


@pytest.mark.parametrize("name", ["Nowhere/At_All", "", "/etc/passwd", "../UTC", None, 3])
def test_what_is_no_zone_has_no_rule(name):
    assert zones.posix(name) is None
