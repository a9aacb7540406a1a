"""The access points in the air: which is heard best, and which was joined last, in a file. Only wifi.py loads it.

A choice is (number of the network in the settings, address of its access point or None).
"""

_FILE = "wifi.seen"  # six bytes of the access point's address, then the network's name
_NOT_HEARD = -1000


def remembered(networks):
    """The choice that was remembered, while its network is one of the settings; None without."""
    try:
        with open(_FILE, "rb") as file:
            seen = file.read()
    except OSError:
        return None
    for number, one in enumerate(networks):
        if one["ssid"].encode() == seen[6:]:
            return number, seen[:6]


def remember(networks, choice, voice):
    """Flash is written only with what is new."""
    if choice == remembered(networks):
        return
    try:
        with open(_FILE, "wb") as file:
            file.write(choice[1] + networks[choice[0]]["ssid"].encode())
    except OSError as fault:  # a full flash: the next start looks around instead
        voice.trouble("cannot remember the access point: %s" % fault)


def ordered(port, networks, voice):
    """A choice for each network, the one heard best first. Blocks for seconds.

    Those not heard come last, as they are listed: a hidden network is found only by asking for it.
    """
    best = [(_NOT_HEARD, None)] * len(networks)
    try:
        for found in port.scan():
            for number, one in enumerate(networks):
                if found[0] == one["ssid"].encode() and found[3] > best[number][0]:
                    best[number] = found[3], bytes(found[1])
    except OSError as fault:
        voice.trouble("cannot scan: %s" % fault)
    order = sorted([(-best[number][0], number) for number in range(len(best))])
    return [(number, best[number][1]) for _, number in order]
