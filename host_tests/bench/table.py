"""Tables that read well in a terminal and in Markdown."""


def show(title: str, header: list, rows: list[list], notes: tuple = ()):
    """Print a table; numbers to the right, with thousands separated."""
    cells = [[_cell(value) for value in row] for row in [header, *rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(header))]
    left = [all(isinstance(row[i], str) for row in rows) for i in range(len(header))]

    def line(row):
        padded = (c.ljust(w) if is_left else c.rjust(w) for c, w, is_left in zip(row, widths, left, strict=True))
        return f"| {' | '.join(padded)} |"

    print(f"\n## {title}\n")
    print(line(cells[0]))
    print(f"|{'|'.join('-' * (w + 1) + ('-' if is_left else ':') for w, is_left in zip(widths, left, strict=True))}|")
    for row in cells[1:]:
        print(line(row))
    for note in notes:
        print(f"\n{note}")
    print(flush=True)


def _cell(value) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.1f}" if value >= 10 else f"{value:.2f}"
    return f"{value:,}" if isinstance(value, int) else value


def verdict(value: float, target: float, at_least: bool) -> str:
    """Whether a target is met, with the target."""
    met = value >= target if at_least else value <= target
    return f"{'≥' if at_least else '≤'} {_cell(target)} {'met' if met else 'MISSED'}"
