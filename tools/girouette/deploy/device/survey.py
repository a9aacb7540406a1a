# Runs on the board: what it is, what room it has, and size and hash of each file that may be the node's, from the files
# themselves. Changes nothing. Set before it: NAMES, the files to look at outside the node's folders.
import binascii
import gc
import hashlib
import json
import os
import sys

FOLDERS = ("node", "lib/leanmqtt", "lib/drivers")


def about():
    space = os.statvfs(os.getcwd())
    return {
        "platform": sys.platform,
        "machine": os.uname().machine,
        "build": getattr(sys.implementation, "_build", ""),
        "version": list(sys.implementation.version[:3]),
        "mpy": getattr(sys.implementation, "_mpy", 0),
        "block": space[0],
        "total": space[1] * space[2],
        "free": space[0] * space[3],
        "level": level(),
        "marker": "maintenance" in os.listdir(),
    }


def loaded(path):
    try:
        with open(path) as file:
            return json.load(file)
    except (OSError, ValueError):
        return {}


def level():
    found = loaded("config.json")
    log = found.get("log") if isinstance(found, dict) else None
    return log.get("level") if isinstance(log, dict) else None


def below(folder):
    try:
        entries = list(os.ilistdir(folder))
    except OSError:
        return
    for entry in entries:
        path = folder + "/" + entry[0]
        if entry[1] == 0x4000:
            print("@folder", json.dumps(path))
            yield from below(path)
        else:
            yield path


def listed():
    files = loaded("manifest.json")
    files = files.get("files") if isinstance(files, dict) else None
    return list(files) if isinstance(files, dict) else []


def look(path):
    buffer = bytearray(512)
    view = memoryview(buffer)
    size, digest = 0, hashlib.sha256()
    try:
        with open(path, "rb") as file:
            while True:
                n = file.readinto(buffer)
                if not n:
                    break
                size += n
                digest.update(view[:n])
    except OSError:
        return 0
    print("@file", json.dumps([path, size, binascii.hexlify(digest.digest()).decode()]))
    return 1


print("@board", json.dumps(about()))
count = 0
seen = []
for path in NAMES + listed():
    if path not in seen and not path.startswith(tuple(folder + "/" for folder in FOLDERS)):
        seen.append(path)
        count += look(path)
for folder in FOLDERS:
    for path in below(folder):
        gc.collect()
        count += look(path)
print("@end", count)
