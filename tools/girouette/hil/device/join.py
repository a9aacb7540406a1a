# Runs on the board: brings it to the network of net.json, which it reads through the cable. Prints nothing secret.

import json
import time

import network

_PATIENCE_MS = 20_000


def _wait(port):
    begin = time.ticks_ms()
    while not port.isconnected():
        if time.ticks_diff(time.ticks_ms(), begin) > _PATIENCE_MS:
            return False
        time.sleep_ms(100)
    return True


def _wifi(found, name):
    port = network.WLAN(network.STA_IF)
    port.active(True)
    if port.isconnected():
        return port
    for known in found:
        if known.get("static"):
            port.ifconfig(known["static"])
        port.connect(known["ssid"], known.get("password"))
        if _wait(port):
            return port
        port.disconnect()
    raise SystemExit("none of the %d Wi-Fi networks lets the board in" % len(found))


def _wired(found):
    from node import wired

    port = wired.opened(found)
    port.active(True)
    if not _wait(port):
        raise SystemExit("the wired port has no address: is the cable in?")
    return port


def join():
    """The port, once it has an address."""
    with open("net.json") as file:
        found = json.load(file)
    return _wired(found["network"]) if isinstance(found["network"], dict) else _wifi(found["network"], found["name"])


if join().isconnected():
    print("joined")
