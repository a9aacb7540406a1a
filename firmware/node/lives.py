"""When the lives of this node began whose readings may still be in the store without their time: in a small file.

A line is a life's number and the second since 1970 it began at. Loaded when that is read or written.
"""

FILE = "outbox.lives"
_MOST = 8  # lives; those before have long delivered


def read():
    """{number as 4 digits: seconds since 1970}; empty where there is no such file, without what is damaged in it."""
    lives = {}
    try:
        with open(FILE) as file:
            for line in file:
                number, _, begin = line.strip().partition(" ")
                if len(number) == 4 and len(begin) == 10:
                    lives[number.encode()] = int(begin)
    except (OSError, ValueError):  # a UnicodeError is a ValueError
        pass
    return lives


def write(lives):
    """Keep the latest of them; flash that cannot be written is the store's to tell."""
    last = sorted(lives, key=lambda number: lives[number])[-_MOST:]
    try:
        with open(FILE, "w") as file:
            for number in last:
                file.write("%s %d\n" % (number.decode(), lives[number]))
    except OSError:
        pass
