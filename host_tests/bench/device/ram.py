# The RAM an import and a client take, in bytes of the collected heap. On MicroPython, compiled.
#
#   ram SUBJECT PLACE IMAGE PORT [detail]
#
# PLACE: `files`, imported from sys.path; `romfs`, from a ROMFS image, which a chip has in its flash and which here is
# read to the heap before anything is measured. Prints the bytes of the import, of a client with default buffers, and of
# its work (connected to PORT, subscribed, one message received; what is loaded only then is counted there). With
# `detail`, a line `name bytes` follows for each module: what its import took without those it imported.
import builtins
import gc
import sys

from message import FILTER

DEPTH = 16
inner = [0] * DEPTH  # bytes taken by the imports inside each one that is going on
cost = {}
level = 0
received = 0
original = builtins.__import__


def used():
    gc.collect()
    return gc.mem_alloc()


def note(name, globals=None, locals=None, names=None, relative=0):
    global level
    if relative:  # MicroPython looks at the globals of its caller, which is this function now
        name = "leanmqtt." + name if name else "leanmqtt"
    before = used()
    level += 1
    inner[level] = 0
    try:
        return original(name, None, None, names, 0)
    finally:
        level -= 1
        taken = used() - before
        inner[level] += taken
        cost[name] = cost.get(name, 0) + taken - inner[level + 1]


def mount(path):
    import vfs

    with open(path, "rb") as f:
        vfs.mount(vfs.VfsRom(f.read()), "/rom")
    sys.path.insert(0, "/rom")


def load(subject):
    if subject == "lean":
        from leanmqtt import Client
    else:
        from umqtt.simple import MQTTClient as Client
    return Client


def take(*message):
    global received
    received += 1


def work_lean(client):
    client.connect()
    client.subscribe(FILTER, 0, take)
    while not received:
        client.poll(10)


def work_simple(client):
    client.set_callback(take)
    client.connect()
    client.subscribe(FILTER)
    while not received:
        client.wait_msg()


def main(subject, place, image, port, detail=None):
    if place == "romfs":
        mount(image)
    if detail:
        # Room for what is noted, so that noting takes none.
        for i in range(64):
            cost[i] = 0
        for i in range(64):
            del cost[i]
        builtins.__import__ = note
    start = used()
    Client = load(subject)
    imported = used()
    client = Client("station", "127.0.0.1", int(port))
    made = used()
    (work_lean if subject == "lean" else work_simple)(client)
    worked = used()
    builtins.__import__ = original
    print(imported - start, made - imported, worked - made)
    for name in cost:
        print(name, cost[name])
    return client


main(*sys.argv[1:])
