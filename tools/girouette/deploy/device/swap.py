# Runs on the board: the new main.py and boot.py take their places, what no longer belongs goes, folders come.
# Set before it: SWAP, STALE, EMPTY, FOLDERS. It tells each step, since ampy gives up after 10 s in which nothing comes,
# and a flash that has to be erased first takes its time for each.
import os


def remove(path):
    try:
        os.remove(path)
    except OSError as fault:
        if fault.errno != 2:
            raise


def replace(path):
    try:
        os.rename(path + ".new", path)
    except OSError:  # FAT does not rename over a file; a board without main.py does not start the node either
        remove(path)
        os.rename(path + ".new", path)


for path in SWAP:
    replace(path)
    print("@new", path)
for path in STALE:
    remove(path)
    print("@gone", path)
for path in EMPTY:
    print("@empty", path)
    try:
        os.rmdir(path)
    except OSError:  # somebody's file is in it
        pass
for path in FOLDERS:
    print("@folder", path)
    try:
        os.mkdir(path)
    except OSError as fault:
        if fault.errno != 17:
            raise
if hasattr(os, "sync"):
    os.sync()
print("@done")
