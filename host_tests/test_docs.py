"""What the pages say: their links lead somewhere, and what they show of a configuration is sound."""

import json
import re

import pytest
from girouette.check import check
from girouette.paths import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
SMALLEST = json.loads((ROOT / "examples" / "station" / "config.json").read_text())
LINE = re.compile(r'`("[a-z_]+": [^`]+)`')


def shown(page) -> list[str]:
    """The blocks of JSON on a page that are a whole configuration, or lines of one."""
    blocks = re.findall(r"```json\n(.*?)```", page.read_text(), re.DOTALL)
    return [block for block in blocks if '"name"' in block and '"broker"' in block or block.startswith('"')]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_leads_to_a_file(page):
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", [page for page in PAGES if shown(page)], ids=lambda page: page.stem)
def test_every_configuration_shown_is_sound(page):
    for block in shown(page):
        text = block if block.startswith("{") else json.dumps(SMALLEST | json.loads("{" + block.rstrip(",\n ") + "}"))
        assert [str(fault) for fault in check(text).faults] == [], block


def test_every_line_of_the_readmes_table_may_be_added_to_the_smallest_configuration():
    rows = [line for line in (ROOT / "README.md").read_text().splitlines() if line.startswith('| `"')]
    assert len(rows) > 4
    for row in rows:
        line = LINE.search(row)[1]
        found = check(json.dumps(SMALLEST | json.loads("{" + line + "}"))).faults
        assert [f"{fault.key}: {fault}" for fault in found] == [], line
