"""The table of docs/memory.md: `girouette memory` measures what it says it does, and the page has all of its rows."""

import re

from girouette import firmware, memory
from girouette.paths import ROOT

PAGE = (ROOT / "docs" / "memory.md").read_text()


def test_a_relay_costs_what_its_files_need_and_the_page_gets_its_row(monkeypatch):
    relay = next(part for part in memory.PARTS if part.title == "`relay`")
    monkeypatch.setattr(memory, "PARTS", (relay,))
    monkeypatch.setattr(memory, "_LOOKS", 1)
    page = memory.update("before\n<!-- memory -->\nold\n<!-- end -->\nafter\n")
    assert page.startswith("before\n<!-- memory -->\n| part |") and page.endswith("\n<!-- end -->\nafter\n")
    assert "old" not in page
    plain, (ram, flash) = (
        re.search(r"plain station.*\| ([\d,]+) \| [\d,]+ \|", page)[1],
        re.search(r"`relay` \| \+([\d,]+) \| ([\d,]+) \|", page).groups(),
    )
    assert 40_000 < number(plain) < 64_000
    assert 4_000 < number(ram) < 9_000
    assert 4_000 < number(flash) < 9_000


def test_every_pattern_of_the_parts_finds_a_file(tmp_path):
    flash = firmware.build(tmp_path)
    for part in (memory.PLAIN, *memory.PARTS):
        for pattern in part.files:
            assert list(flash.glob(pattern)), f"{part.title}: {pattern}"


def test_the_page_has_a_row_for_every_part():
    rows = re.findall(r"^\| (.*?) \| [+-]?[\d,]+ \| [\d,]+ \|$", PAGE, re.MULTILINE)
    assert rows == [memory.PLAIN.title, *(part.title for part in memory.PARTS)]


def number(text: str) -> int:
    return int(text.replace(",", ""))
