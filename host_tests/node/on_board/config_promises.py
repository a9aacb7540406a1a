import json
import os
import time

from bench import Clock, Lines, equal
from node import config, keep, keys

SMALL = """{
  "name": "roof",
  "network": [{"ssid": "home", "password": "sesame"}],
  "broker": {"host": "192.168.1.10"},
  "sensors": [{"type": "weather", "scl": 22, "sda": 21}]
}"""


NULL = "null itself"


def changed(path, value):
    """The text of the small file with one key set; None removes it, NULL sets it to null."""
    found = json.loads(SMALL)
    at, keys = found, [int(key) if key.isdigit() else key for key in path.split(".")]
    for key in keys[:-1]:
        at = at[key]
    if value is None:
        del at[keys[-1]]
    else:
        at[keys[-1]] = None if value == NULL else value
    return json.dumps(found)


def faults(text):
    settings, found = config.parse(text)
    assert (settings is None) == bool(found), "settings beside faults"
    return found


def fault(path, value):
    """The one fault of the small file with one key changed."""
    found = faults(changed(path, value))
    assert len(found) == 1, found
    return found[0]


def sound(path, value):
    equal(faults(changed(path, value)), [])


def test_the_smallest_file_gets_all_defaults():
    settings, found = config.parse(SMALL)
    equal(found, [])
    equal(settings["broker"]["port"], None)  # 1883, or 8883 with tls
    equal(settings["broker"]["keepalive"], 60)
    equal(settings["broker"]["user"], None)
    equal(settings["watchdog"], 30)
    equal(settings["topics"], {})
    sensor = settings["sensors"][0]
    equal((sensor["interval"], sensor["retain"], sensor["address"]), (20, False, "0x76"))


def test_a_missing_key_is_named_with_what_is_expected():
    equal(fault("name", None), "name: expected 1 to 32 letters, digits, - or _, found nothing")
    equal(fault("network.0.ssid", None), "network[0].ssid: expected text, found nothing")
    equal(fault("sensors.0.sda", None), "sensors[0].sda: expected the number or the name of a pin, found nothing")
    equal(fault("broker", None), "broker: expected a table { }, found nothing")


def test_a_wrong_value_is_shown_beside_what_is_expected():
    equal(fault("broker.port", "1883"), 'broker.port: expected a whole number from 1 to 65535, found "1883"')
    equal(fault("broker.port", 0), "broker.port: expected a whole number from 1 to 65535, found 0")
    equal(fault("broker.port", 1.5), "broker.port: expected a whole number from 1 to 65535, found 1.5")
    equal(fault("broker.port", True), "broker.port: expected a whole number from 1 to 65535, found true")
    equal(fault("name", "my node"), 'name: expected 1 to 32 letters, digits, - or _, found "my node"')
    equal(fault("sensors.0.retain", "no"), 'sensors[0].retain: expected true or false, found "no"')
    equal(fault("sensors.0.scl", -1), "sensors[0].scl: expected the number or the name of a pin, found -1")
    equal(fault("sensors.0.samples", 3), "sensors[0].samples: expected one of 1, 2, 4, found 3")
    equal(fault("sensors.0.samples", True), "sensors[0].samples: expected one of 1, 2, 4, found true")
    equal(fault("sensors.0.address", 118), 'sensors[0].address: expected one of "0x76", "0x77", found 118')
    ways = "network: expected a list [ ] of Wi-Fi networks, or a table { } for a wired port, found "
    equal(fault("network", []), ways + "an empty list")
    equal(fault("network", "home"), ways + "text")
    equal(fault("network", {}), 'network.wired: expected one of "rmii", "w5500", found nothing')
    equal(fault("sensors.0", "weather"), "sensors[0]: expected a table { }, found text")


def test_a_part_narrows_the_keys_every_sensor_has():
    equal(fault("sensors.0.interval", 1), "sensors[0].interval: expected a whole number from 2 to 3600, found 1")


def test_an_unknown_key_gets_the_nearest_valid_spelling():
    known = "client_id, expiry, headers, host, keepalive, offline_minutes, outbox, password, persistent, port, "
    known += "session_expiry, tls, user, version"
    expected = "broker.passwort: expected one of the keys " + known
    equal(fault("broker.passwort", "x"), expected + ', found an unknown one; did you mean "password"?')
    assert fault("sensors.0.intervall", 5).endswith('found an unknown one; did you mean "interval"?')
    assert fault("colour", "red").endswith("topics, watchdog, found an unknown one")


def test_a_part_without_a_driver_is_named_with_those_of_its_role_there_are():
    keys.ROLES.update({"actuator": "valve", "input": "reed"})  # as the build writes for parts it has the schemas of
    expected = "sensors[0].type: expected a part with a driver (thermo, weather), found "
    equal(fault("sensors.0.type", "wether"), expected + '"wether"; did you mean "weather"?')
    equal(fault("sensors.0.type", "../node"), expected + '"../node"')
    equal(fault("sensors.0.type", 280), expected + "280")
    equal(fault("sensors.0.type", None), expected + "nothing")


def test_all_faults_are_told_at_once():
    text = """{"name": "a b", "network": [{"pasword": "x"}, 7], "broker": {"port": "many"}, "watchdog": -1,
        "sensors": [{"type": "weather", "scl": 22, "sda": 21, "interval": "20s"}, {"type": "nothing"}]}"""
    paths = [line.split(":")[0] for line in faults(text)]
    equal(
        paths,
        [
            "broker.host",
            "broker.port",
            "name",
            "network[0].pasword",
            "network[0].ssid",
            "network[1]",
            "sensors[0].interval",
            "sensors[1].type",
            "watchdog",
        ],
    )


def test_a_secret_is_never_shown():
    secrets = ("hunter2", 12345, ["hunter2"], {"is": "hunter2"}, 123.45, "mqtt://me:hunter2@broker")
    places = ("broker", "broker.host", "broker.password", "broker.user", "network", "network.0", "network.0.password")
    places += ("broker.pasword", "secret", "sensors.0")
    for place in places:
        for secret in secrets:
            for line in faults(changed(place, secret)):
                assert "hunter2" not in line and "123" not in line, line
    equal(fault("broker.password", 12345), "broker.password: expected text in quotes, found a number")


def test_a_url_is_not_a_host():
    expected = "broker.host: expected a host name or address (or ws://, wss://) without mqtt:// and account"
    expected += ", or a list of them, found "
    equal(fault("broker.host", "mqtt://me:hunter2@broker"), expected + "text")
    equal(fault("broker.host", []), expected + "an empty list")
    sound("broker.host", ["broker.local", "192.168.1.10:1884", "[::1]:1883"])


def test_a_password_needs_a_user():
    equal(fault("broker.password", "x"), "broker.user: expected text, since there is a broker.password, found nothing")


def test_broken_json_is_told_in_words():
    told = ["not JSON: look for a missing quote, comma, brace or bracket, or a file cut short"]
    for text in ("", "{'name': 1}", SMALL + "}", "\ufeff" + SMALL, SMALL.replace("}]", "}")):
        equal(faults(text), told)
    for end in range(len(SMALL)):  # however short it was cut
        equal(faults(SMALL[:end]), told)
    equal(faults(SMALL + "\n"), [])
    equal(faults(None), ["the file is missing"])
    equal(faults("[]"), ["the file: expected a table { }, found an empty list"])


def test_what_a_lenient_parser_dropped_is_missed():
    dropped = changed("broker", None)[:-1] + ', "broker": {"host": }}'
    equal(json.loads(dropped)["broker"], {})
    equal([line.split(":")[0] for line in faults(dropped)], ["broker.host"])


def test_no_file_whatever_stops_the_node():
    for at in range(len(SMALL)):
        for end in range(at + 1, min(at + 24, len(SMALL))):
            config.parse(SMALL[:at] + SMALL[end:])


def test_a_topic_may_be_any_that_can_be_published():
    for topic in ("ha/_temperature2", "{node}/t", "x", "ha/{node}/sensor/{node}"):
        sound("topics", {"temperature": topic})
        sound("sensors.0.topics", {"temperature": topic})
    for topic in ("", "/ha", "a b", "ha/+", "#", "{nod}/t", "a\tb", "caf\u00e9", "$SYS/x", 7, None, "x" * 129):
        for path in ("topics", "sensors.0.topics"):
            line = faults(changed(path, {"temperature": topic}))[0]
            assert "temperature: expected a topic: no space" in line, line


def test_topics_name_only_what_a_sensor_measures():
    assert fault("topics", {"temprature": "a"}).endswith('an unknown one; did you mean "temperature"?')
    assert fault("sensors.0.topics", {"temprature": "a"}).endswith('an unknown one; did you mean "temperature"?')
    expected = "topics.pressure: expected a quantity that one of the sensors measures, found one that none does"
    equal(fault("topics", {"pressure": "a"}), expected)
    sound("topics", {"status": "here/{node}"})


def test_two_quantities_on_one_topic_are_a_fault():
    line = fault("topics", {"temperature": "ha/humidity"})
    equal(line.split(": ")[0], "sensors[0].topics.humidity")
    line = fault("topics", {"template": "ha/{node}"})
    expected = 'expected a topic of its own, found "ha/roof", which is that of sensors[0].topics.temperature'
    equal(line, "sensors[0].topics.humidity: " + expected)
    assert "presence" in fault("topics", {"temperature": "ha/roof/status"})
    assert "log" in fault("topics", {"temperature": "ha/{node}/log"})


def test_two_sensors_with_one_id_are_a_fault():
    one = {"type": "weather", "scl": 22, "sda": 21}
    sound("sensors", [one, one])
    equal(
        fault("sensors", [dict(one, id="shed"), dict(one, id="shed")]),
        'sensors[1].id: expected a name that no other part has, found "shed"',
    )


def test_a_key_given_as_null_is_not_left_out():
    equal(fault("broker.port", NULL), "broker.port: expected a whole number from 1 to 65535, found null")
    equal(fault("broker.user", NULL), "broker.user: expected text, found null")


def test_a_fixed_address_is_four_numbers_and_needs_a_gateway():
    sound("network.0.static", {"address": "192.168.1.50", "gateway": "192.168.1.1"})
    line = fault("network.0.static", {"address": "192.168.1.50"})
    equal(line, "network[0].static.gateway: expected four numbers from 0 to 255 with dots between them, found nothing")
    for address in ("192.168.1", "192.168.1.256", "192.168.01.1", "1.2.3.4.5", "a.b.c.d", "1.2.3.", 7, "\u0661.1.1.1"):
        line = fault("network.0.static", {"address": address, "gateway": "192.168.1.1"})
        equal(line.split(": ")[0], "network[0].static.address")


def test_secrets_are_laid_over_the_configuration():
    open_file = changed("network", [{"ssid": "home"}, {"ssid": "shed"}])
    secrets = '{"network": [{}, {"password": "acorn"}], "broker": {"user": "roof", "password": "nut"}}'
    settings, found = config.parse(open_file, secrets)
    equal(found, [])
    equal([one["password"] for one in settings["network"]], ["", "acorn"])
    equal((settings["broker"]["password"], settings["broker"]["host"]), ("nut", "192.168.1.10"))
    assert config.parse(SMALL, '{"broker": ')[1][0].startswith("secrets.json is not JSON")
    equal(config.parse(SMALL, '{"brokre": {}}')[1][0].split(":")[0], "brokre")


class Flash:
    """Files that change while the node sleeps: versions[n] is config.json after n looks; None: there is none."""

    def __init__(self, *versions, **others):
        self.versions = list(versions)
        self.others = others
        self.clock = Clock()
        self.clock.asleep = self.next
        self.log = Lines(self.clock)

    def text(self, path):
        name, end = path.split(".")
        return self.versions[0] if path == "config.json" else self.others.get(name if end == "json" else end)

    def next(self, ms):
        if len(self.versions) > 1:
            self.versions.pop(0)

    def load(self, *args):
        read, config.read = config.read, self.text
        try:
            return config.load(self.log, self.clock, *args)
        finally:
            config.read = read


def test_a_good_file_is_taken_at_once():
    flash = Flash(SMALL)
    settings = flash.load()
    equal((settings["name"], settings["faults"]), ("roof", []))
    equal((flash.clock.now, flash.log.lines), (0, []))


def test_a_broken_file_is_told_once_and_a_repaired_one_taken():
    flash = Flash(changed("name", 7), changed("name", 7), changed("name", 7), SMALL)
    equal(flash.load()["name"], "roof")
    equal(
        flash.log.lines,
        [
            "error config.json: name: expected 1 to 32 letters, digits, - or _, found 7",
            "info  config.json: waiting for a repaired file",
        ],
    )


def test_a_file_that_is_still_being_written_is_not_judged():
    flash = Flash(None, "{", SMALL[:20], SMALL[:50], SMALL)
    equal(flash.load()["name"], "roof")
    equal(len(flash.log.lines), 2)


def test_a_file_repaired_badly_is_told_again():
    flash = Flash(None, "{", "{", SMALL, SMALL)
    equal(flash.load()["name"], "roof")
    equal([line[:5] for line in flash.log.lines], ["error", "info ", "error", "info "])


def test_with_a_broken_file_the_last_good_one_is_used_and_the_faults_are_kept():
    flash = Flash(changed("name", 7), good=changed("name", "old"))
    settings = flash.load()
    expected = "name: expected 1 to 32 letters, digits, - or _, found 7"
    equal((settings["name"], settings["faults"]), ("old", [expected]))
    equal(flash.log.lines[-1], "info  config.json: the last good configuration is used")
    equal(flash.clock.now, 0)


def test_what_only_shows_in_use_falls_back_once_and_then_waits():
    flash = Flash(SMALL, SMALL, changed("name", "new"), good=changed("name", "old"))
    equal(flash.load("sensors[0]: invalid pin")["name"], "old")
    settings = flash.load("sensors[0]: invalid pin", False)
    equal((settings["name"], settings["faults"]), ("new", []))


def test_files_that_have_proven_good_are_copied_and_written_once():
    folder = "/tmp/girouette-keep-%d-" % time.time_ns()
    files, copies = [folder + "config.json", folder + "secrets.json"], [folder + "config.good", folder + "secrets.good"]
    try:
        for path, text in zip(files, (SMALL, '{"name": "x"}')):
            with open(path, "w") as file:
                file.write(text)
        keep.keep(files, copies)
        equal([keep.read(path) for path in copies], [SMALL, '{"name": "x"}'])
        write, keep.write = keep.write, None  # a copy that is the same is not written again
        try:
            keep.keep(files, copies)
        finally:
            keep.write = write
        os.remove(files[1])
        keep.keep(files, copies)
        equal([keep.read(path) for path in copies], [SMALL, None])
    finally:
        for path in files + copies:
            if keep.read(path) is not None:
                os.remove(path)


def test_a_missing_file_reads_as_none():
    equal(keep.read("/nowhere/config.json"), None)
