"""The nearest valid spelling of a word; imported only when a fault has been found, so that it costs no memory else."""


def _row(a, above, word):
    # One row of Levenshtein's table: the cost of making the text so far into each beginning of `word`.
    row = [above[0] + 1]
    for i in range(len(word)):
        change = above[i] + (word[i] != a)
        row.append(min(change, above[i + 1] + 1, row[i] + 1))
    return row


def distance(a, b):
    """How many letters must be changed, added or left out to make a into b."""
    row = list(range(len(b) + 1))
    for letter in a:
        row = _row(letter, row, b)
    return row[-1]


def nearest(word, words):
    """The word of `words` most like `word`, or None when none is like it (more than a third of it is different)."""
    best = None
    least = len(word) // 3 + 2
    for other in sorted(words):
        cost = distance(word.lower(), other.lower())
        if cost < least:
            best, least = other, cost
    return best
