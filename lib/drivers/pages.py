"""What a display's `text` says: pages of lines, with places for readings. `girouette check` asks the same lines, so
nothing is imported. Loaded while a display is made, or its text is checked.
"""

_PLACES = 126


def pages(text, rows, names, code_of, marks):  # cold: once a display
    """Each page as bytes: codes of characters, as code_of(its place in Unicode) gives them, and marks.

    rows: how many lines a page has room for; marks: (before a line of large characters, behind each line, the first of
    the places); names: a list that grows by the name of each place. Raises ValueError(expected, found).
    """
    large, end, place = marks
    made, page, used, number = [], bytearray(), 0, 0
    for line in text.split("\n") + ["---"]:
        number += 1
        if line == "---":
            if all(code in (large, end) for code in page):
                raise ValueError("something on each page", "nothing on page %d" % (len(made) + 1))
            made.append(bytes(page))
            page, used = bytearray(), 0
            continue
        is_large = line.startswith("# ")
        if is_large:
            page.append(large)
            line = line[2:]
        used += 1 + is_large
        if used > rows:
            many = "%d rows on a page, of which a large line takes two" % rows
            raise ValueError(many, "no room for line %d on page %d" % (number, len(made) + 1))
        _fill(page, line, number, names, code_of, place)
        page.append(end)
    return made


def _fill(page, line, number, names, code_of, place):  # cold: once a display
    while line:
        plain, brace, line = line.partition("{")
        for c in plain:
            if c < " " or 127 <= ord(c) < 160:
                raise ValueError("characters that can be shown", "another one in line %d" % number)
            page.append(code_of(ord(c)))
        if not brace:
            return
        name, brace, line = line.partition("}")
        if not brace:
            raise ValueError("a } behind each {", "none in line %d" % number)
        if len(names) == _PLACES:
            raise ValueError("at most %d places" % _PLACES, "more")
        names.append(name)
        page.append(place + len(names) - 1)
