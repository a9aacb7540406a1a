# Runs on the board, sent by mpremote: what it is, as one line of JSON. Any MicroPython that boards have, hence plain.
import gc
import json
import os
import sys


def _has(path):
    try:
        os.stat(path)
        return True
    except OSError:
        return False


def _filesystem():
    # FAT alone takes capital letters and small ones for the same, as firmware/node/store.py has it.
    for name in os.listdir():
        if name != name.upper():
            return "fat" if _has(name.upper()) else "littlefs"
    return None


def _manifest():
    try:
        with open("manifest.json") as file:
            return json.load(file).get("girouette")
    except (OSError, ValueError):
        return None


def _marker():
    try:
        with open("maintenance") as file:
            return file.read()
    except OSError:
        return None


def _about():
    space = os.statvfs("")
    gc.collect()
    return {
        "platform": sys.platform,
        "machine": os.uname().machine,
        "version": list(sys.implementation[1])[:3],
        "mpy": getattr(sys.implementation, "_mpy", getattr(sys.implementation, "mpy", 0)),
        "filesystem": _filesystem(),
        "free": space[0] * space[3],
        "size": space[0] * space[2],
        "heap": gc.mem_free(),
        "node": _has("node") and _has("main.py"),
        "girouette": _manifest(),
        "config": _has("config.json"),
        "maintenance": _marker(),
    }


print("GIROUETTE " + json.dumps(_about()))
