"""The node as a device of Home Assistant: one retained message that names all its entities.

Source: Home Assistant, components/mqtt/schemas.py (device discovery) and abbreviations.py. Ids come from the hardware
address, so a renamed node stays the same device. When it is sent is known in discovery.py.
"""

import json
import sys

from . import VERSION, announce, entities, topics

# What diagnostics.py publishes: key, name, members.
_DIAGNOSTICS = (
    ("uptime", "Uptime", '"dev_cla":"duration","unit_of_meas":"s","stat_cla":"measurement"'),
    ("heap_free", "Memory free", '"dev_cla":"data_size","unit_of_meas":"B","stat_cla":"measurement"'),
    ("heap_low", "Memory free at least", '"dev_cla":"data_size","unit_of_meas":"B","stat_cla":"measurement"'),
    ("loop_ms", "Longest turn", '"dev_cla":"duration","unit_of_meas":"ms","stat_cla":"measurement"'),
    ("rssi", "Signal", '"dev_cla":"signal_strength","unit_of_meas":"dBm","stat_cla":"measurement"'),
    ("reconnects", "Reconnects", '"stat_cla":"total_increasing"'),
    ("dropped", "Messages dropped", '"stat_cla":"total_increasing"'),
    ("queued", "Messages waiting", '"stat_cla":"measurement"'),
    ("sensor_errors", "Sensor errors", '"stat_cla":"total_increasing"'),
    ("reset", "Last reset", '"ic":"mdi:restart"'),
)


def steps(station, states):
    """Sends the description; withdraws what is gone, or what another convention has left. Yields ms to wait."""
    client = station.client
    topic = topics.of_discovery(station.settings, "device/%s/config" % _address(station, ""))
    head = "homeassistant " + topic
    yield from announce.withdraw(client, head)
    gone = []
    if not announce.is_kept(_lines(station, head)):
        gone = announce.gone(_lines(station, head))
        announce.keep(_lines(station, head, gone))
    yield from announce.stream(client, topic, announce.Source(lambda: pieces(station, gone)))
    if gone:
        announce.keep(_lines(station, head))
    if states:
        yield from announce.states(station)


def pieces(station, gone=()):
    """The message, as texts one after the other. gone: lines of components to withdraw."""
    settings = station.settings
    yield _device(station)
    if not settings["sleep"]:  # who sleeps is not gone: its readings expire
        yield '"avty_t":%s,' % json.dumps(topics.of_status(settings))
    yield '"qos":1,"cmps":{'
    sep = ""
    for made in (_readings(station), _things(station), _events(station), _diagnostics(station)):
        for platform, component, members in made:
            yield '%s"%s":{"p":"%s","uniq_id":"%s_%s",' % (sep, component, platform, _address(station, ""), component)
            yield members + "}"
            sep = ","
    for line in gone:
        platform, component = line.split(" ")
        yield '%s"%s":{"p":"%s"}' % (sep, component, platform)
        sep = ","
    yield "}}"


def _lines(station, head, more=()):
    # What the node keeps of it.
    yield head
    for made in (_readings(station), _things(station), _events(station), _diagnostics(station)):
        for platform, component, _ in made:
            yield platform + " " + component
    for line in more:
        yield line


def _address(station, between):
    return between.join(["%02x" % byte for byte in station.network.mac()])


def _device(station):
    settings = station.settings
    return (
        '{"dev":{"ids":["%s"],"cns":[["mac","%s"]],"name":%s,"mf":"Girouette","mdl":%s,"sw":"%s"},'
        '"o":{"name":"Girouette","sw":"%s"},'
    ) % (
        _address(station, ""),
        _address(station, ":"),
        json.dumps(settings["name"]),
        json.dumps(settings["board"] or sys.platform),
        VERSION,
        VERSION,
    )


def _named(settings, platform, name):
    # The name for a person, and the id that Home Assistant is to give it.
    slug = "%s.%s_%s" % (platform, settings["name"], name)
    slug = slug.lower().replace("-", "_").replace(" ", "_")
    return '"name":%s,"def_ent_id":"%s",' % (json.dumps(entities.title(name)), slug)


def _readings(station):
    # (platform, component, members) of each quantity.
    settings = station.settings
    shared = entities.shared(settings)
    more = ""
    if settings["payload"] == "json":
        more = ',"val_tpl":"{{ value_json.value }}"'
    if settings["sleep"]:
        more += ',"exp_aft":%d' % (settings["sleep"]["seconds"] * settings["sleep"]["readings"] * 5 // 2)
    for _, name, about, topic in entities.readings(settings):
        quantity = about[0]
        label = "%s %s" % (name, quantity) if quantity in shared else quantity
        members = _named(settings, "sensor", label) + '"stat_t":%s,%s%s' % (json.dumps(topic), about[1], more)
        yield "sensor", "%s.%s" % (name, quantity), members


def _things(station):
    settings = station.settings
    for name, about, topic, obeys, entry in entities.things(settings):
        if about.ENTITY:
            platform, members, measure = about.ENTITY
            members = _filled(members, about, entry)
            for place, where in (('"{state}"', topic), ('"{set}"', topic + "/set")):
                members = members.replace(place, json.dumps(where))
            state = '"stat_t":%s' % json.dumps(topic)
            if obeys:
                state += ',"cmd_t":%s' % json.dumps(topic + "/set")
            members = _named(settings, platform, name) + state + (members and "," + members)
            yield platform, name, members
            if measure and entry[measure[0]] is not None:
                word = measure[1]
                state = '"stat_t":%s,' % json.dumps(topics.of_thing(settings, entry, name, word))
                yield "sensor", name + ":" + word, _named(settings, "sensor", name + " " + word) + state + measure[2]


def _events(station):
    settings = station.settings
    for name, about, _, _, entry in entities.things(settings):
        told = entities.events(about, entry)
        if told:
            topic = json.dumps(topics.of_thing(settings, entry, name, "event"))
            members = '"stat_t":%s,"evt_typ":%s,' % (topic, json.dumps(told)) + _filled(about.EVENTS[0], about, entry)
            yield "event", name + ":event", _named(settings, "event", name) + members


def _filled(made, about, entry):
    # With what the entry chooses in the places kept for it.
    for key in about.FILL:
        made = made.replace('"{%s}"' % key, json.dumps(entry[key]))
    return made


def _diagnostics(station):
    settings = station.settings
    if settings["sleep"] or not settings["diagnostics"]:  # it publishes none
        return
    topic = json.dumps(topics.of_node(settings, "diagnostics"))
    for key, name, members in _DIAGNOSTICS:
        if key == "rssi" and not isinstance(settings["network"], list):  # a wired port has none
            continue
        state = '"stat_t":%s,"val_tpl":"{{ value_json.%s }}","ent_cat":"diagnostic",' % (topic, key)
        yield "sensor", "diagnostics:" + key, _named(settings, "sensor", name) + state + members
