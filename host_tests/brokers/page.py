"""docs/brokers.md: its table and its list are made of LACKS. `python -m brokers.page --update` writes them anew."""

import re
import sys

from girouette.paths import ROOT

from .features import FEATURES, PART_OF
from .table import BROKERS

PAGE = ROOT / "docs" / "brokers.md"
_PARTS = re.compile(r"(<!-- (table|lacks) -->\n).*?(<!-- end -->)", re.DOTALL)


def _row(cells) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(feature: str, lacks: set) -> str:
    if PART_OF.get(feature) in lacks:
        return ""
    return "**no**" if feature in lacks else "yes"


def table() -> str:
    """A row per feature, a column per broker."""
    rows = [_row(["", *(f"{broker.name} {broker.VERSION}" for broker in BROKERS)]), _row(["---"] * (len(BROKERS) + 1))]
    for name, words in FEATURES.items():
        rows.append(_row([words, *(_cell(name, broker.lacks()) for broker in BROKERS)]))
    return "\n".join(rows) + "\n"


def lacks() -> str:
    """What each broker does instead."""
    lines = []
    for broker in BROKERS:
        lines.append(f"**{broker.name}** ({broker.package})\n")
        lines.extend(f"- {FEATURES[lack.feature]}: {lack.instead}" for lack in broker.LACKS)
        lines.extend(["- lacks nothing of this"] * (not broker.LACKS))
        lines.append("")
    return "\n".join(lines)


def current(text: str) -> str:
    """The page with its made parts as they have to be."""
    made = {"table": table, "lacks": lacks}
    return _PARTS.sub(lambda found: found[1] + made[found[2]]() + found[3], text)


if __name__ == "__main__":
    if sys.argv[1:] != ["--update"]:
        sys.exit("python -m brokers.page --update")
    PAGE.write_text(current(PAGE.read_text()))
