"""The files a node is configured by, and the copies of those it last ran on. What is in them is not known here."""

import os

FILES = ("config.json", "secrets.json")
GOOD = ("config.good", "secrets.good")


def read(path):
    """The text of the file; None when there is none, empty when it is no text."""
    try:
        with open(path) as file:
            return file.read()
    except UnicodeError:
        return ""
    except OSError:
        return None


def keep(files=FILES, copies=GOOD):
    """Copy the files, which have proven good; flash is written only where they are new."""
    for path, copy in zip(files, copies):
        text = read(path)
        if text != read(copy):
            write(copy, text)


def write(path, text):
    """Replace the file; a text of None removes it."""
    if text is None:
        return os.remove(path)
    draft = path + ".new"  # a power cut leaves the old copy or the new one
    with open(draft, "w") as file:
        file.write(text)
    os.rename(draft, path)
