"""What the pages say: their links lead somewhere, and what they show of a configuration is sound."""

import json
import re

import pytest
from girouette.check import check
from girouette.paths import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
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


def slug(heading: str) -> str:
    """The anchor that a heading gets."""
    return re.sub(r"[^\w\- ]", "", heading.lower().strip()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_to_a_section_finds_it(page):
    for link, anchor in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", page.read_text()):
        target = page.parent / link if link else page
        headings = re.findall(r"^#+ (.*)$", re.sub(r"```.*?```", "", target.read_text(), flags=re.DOTALL), re.MULTILINE)
        assert anchor in map(slug, headings), f"{link}#{anchor}"


def test_the_readme_leads_to_every_page():
    readme = (ROOT / "README.md").read_text()
    pages = readme[readme.index("\n## Pages\n") :]
    listed = re.findall(r"\]\((docs/[^)#]+|[A-Z]+\.md)\)", pages)
    # docs/drivers.md leads to those of parts/
    own = {str(page.relative_to(ROOT)) for page in PAGES if page.parent.name != "parts"}
    assert sorted(listed) == sorted(own - {"README.md"} | {"CHANGELOG.md"})


def test_the_readmes_way_to_a_board_is_that_of_a_page_which_is_walked():
    commands = re.findall(r"^girouette .*", (ROOT / "README.md").read_text(), re.MULTILINE)
    walked = (ROOT / "docs" / "esp32.md").read_text()
    assert len(commands) >= 5 and [line for line in commands if f"$ {line}\n" not in walked] == []


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
