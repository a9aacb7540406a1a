"""The node as a Homie 5 device: $state, $description, and its own topics as the properties (topics.py).

Source: the Homie convention 5.0. The birth message is `init` and the will `lost` (broker.py); here follow the
description and, when every part has told its state, `ready`. QoS is 1, where the convention recommends 2 and allows 1.
"""

import binascii
import json
import time

from . import announce, entities, topics

_PROVE_MS = 1_500  # for the readings just begun


def steps(station, _):
    """Sends description and states; withdraws what is gone. Yields milliseconds to wait."""
    client, settings = station.client, station.settings
    root = topics.of_homie(settings)
    yield from announce.withdraw(client, "homie %s " % root)
    if settings["sleep"]:  # born ready, since it has nothing to tell at most of its wakes
        yield from announce.send(client, root + "/$state", b"init")
    crc = 0
    for piece in pieces(station, 0):
        crc = binascii.crc32(piece.encode(), crc)
    version, gone = _version(crc), []
    head = "homie %s %d %08x" % (root, version, crc)
    if not announce.is_kept(_lines(station, head)):
        gone = announce.gone(_lines(station, head))
        announce.keep(_lines(station, head, gone))
    yield from announce.stream(client, root + "/$description", announce.Source(lambda: pieces(station, version)))
    for below in gone:
        yield from announce.send(client, root + "/" + below, b"")
    if gone:
        announce.keep(_lines(station, head))
    yield from announce.states(station)
    yield _PROVE_MS
    yield from announce.send(client, root + "/$state", b"ready")


def _version(crc):
    # Rises with each change, also of a node whose flash was erased, once its clock is set.
    head = (announce.read() or [""])[0].split(" ")
    if head[0] != "homie":
        return _minutes()
    version = int(head[2])
    return version if head[3] == "%08x" % crc else max(version + 1, _minutes())


def _minutes():
    # Since 2024: small enough for any controller. 1 while the clock is not set.
    year, month, day, hour, minute = time.gmtime()[:5]
    return max((((year - 2024) * 12 + month) * 31 + day) * 1440 + hour * 60 + minute, 1)


def _lines(station, head, more=()):
    # What the node keeps of it: the topics of the properties, below its own.
    yield head
    for node, _, prop, _ in _properties(station.settings):
        yield node + "/" + prop
    for line in more:
        yield line


def _is_ours(settings, topic):
    # Who gives a quantity a topic of its own takes it out of the device.
    return topic.startswith(topics.of_homie(settings) + "/")


def pieces(station, version):
    """The description, as texts one after the other."""
    settings = station.settings
    yield '{"homie":"5.0","version":%d,"name":%s,"nodes":{' % (version, json.dumps(settings["name"]))
    last = None
    for node, name, prop, members in _properties(settings):
        if node != last:
            yield '%s"%s":{"name":%s,"properties":{' % ("}}," if last else "", node, json.dumps(name))
        yield '%s"%s":{%s}' % ("," if node == last else "", prop, members)
        last = node
    yield "}}}}" if last else "}}"


def _properties(settings):
    # (node, its name, property, members), those of one node in a row.
    for _, name, about, topic in entities.readings(settings):
        if _is_ours(settings, topic):
            node, prop = topic.rsplit("/", 2)[1:]
            yield node, name, prop, '"name":%s,%s' % (json.dumps(entities.title(about[0])), about[2])
    for name, about, topic, obeys, entry in entities.things(settings):
        if _is_ours(settings, topic) and about.HOMIE:
            node, prop = topic.rsplit("/", 2)[1:]
            settable = ',"settable":true' if obeys else ""
            yield node, name, prop, '"name":"State",%s%s' % (about.HOMIE, settable)
            measure = about.ENTITY and about.ENTITY[2]
            if measure and entry[measure[0]] is not None:
                yield node, name, measure[1], '"name":%s,%s' % (json.dumps(measure[1]), measure[3])
            told = entities.events(about, entry)
            if told:
                form = ",".join(told)
                yield node, name, "event", '"name":"Event","datatype":"enum","format":"%s","retained":false' % form
