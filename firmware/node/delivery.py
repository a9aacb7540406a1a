"""One delivery of a node that sleeps: connect, publish what is in its pocket, wait for every acknowledgement.

A retained message other than `off` on `<base>/<name>/awake` keeps the node awake, like one that never sleeps, until it
is cleared: for an update, or to watch it. It is subscribed to before anything is published, so by the time the readings
are acknowledged it has come. How a wake goes, and what when this fails, is sleeper.py's.
"""

import json
import time

from . import lazy, topics
from .log import Voice
from .station import Station
from .text import Decimal

_AHEAD = 8  # messages under way at once: all of them fit into the outbox


class Delivery:
    """The delivery of one wake; `sleeper` is the Sleeper, battery in mV or None, mark where its seal goes on."""

    def __init__(self, sleeper, battery, mark=None):
        settings = sleeper.settings
        self._sleeper = sleeper
        self._battery = battery
        self._names = [topic.encode() for found in sleeper.topics for topic in found]
        self._entries = [entry for entry, found in zip(settings["sensors"], sleeper.topics) for _ in found]
        self._decimal = Decimal()
        self._clock_then = sleeper.now() - sleeper.awake_ms() // 1000
        self._shift = 0  # of times taken before the clock was set
        self._under_way = []  # packet ids, 0 where the acknowledgement came before those ahead of it
        self._done = 0  # readings acknowledged, with all those before them
        self._asked = None  # the topic of that word, once it is asked for
        self._heard = self._told = self._stay = False
        wake = dict(settings, wake=not sleeper.first, mark=mark)
        self._station = Station(wake, sleeper.log, sleeper.clock, reads=False)
        self._commands = next((part for part in self._station.parts if hasattr(part, "ear")), None)
        self._client = self._station.client
        self._told_too = self._client.on_delivered  # of MQTT 5: what was refused
        self._client.on_delivered = self._delivered
        self._client.on_subscribed = self._subscribed

    def run(self):
        """True when the broker has acknowledged everything; False when patience ended before."""
        self._station.start()
        waiting = self._sleeper.pocket.each()
        done = self._finished(waiting)
        waiting.close()  # the file behind it may go with what is delivered
        self._sleeper.pocket.drop(self._done)
        if done and self._stay:
            self._as_long_as_asked()
        return done

    def _finished(self, waiting):
        while not self._told or self._under_way or self._client.pending or self._is_introducing() or self._ordered():
            self._station.turn()
            if self._sleeper.awake_ms() > self._sleeper.rules["patience"] * 1000:
                return False
            if self._is_ready():
                self._go_on(waiting)
        return True

    def _is_introducing(self):
        return any(getattr(part, "busy", False) for part in self._station.parts)

    def _ordered(self):
        # Is there a command to obey?
        return self._commands and self._commands.waiting

    def why(self):
        """Why there was no delivery, for a person."""
        if not self._station.network.up():
            return "no network"
        error = self._client.last_error
        return str(error) if error and not self._client.connected else "not acknowledged in time"

    def stop(self):
        self._station.stop()
        while self._ordered():  # a command that came during the goodbye does not come again
            self._commands.poll()

    def mark(self):
        """Where the seal goes on in the next wake, once this one says no more; None without one."""
        return max([getattr(part, "mark", 0) for part in self._station.parts]) or None

    # Before publishing

    def _is_ready(self):
        # The word whether to stay awake has been asked for; and where readings have a time, the clock is set.
        if not self._client.connected:
            return False
        if not self._asked:  # only now: what it takes has no room beside what joins a Wi-Fi
            self._asked = topics.of_node(self._sleeper.settings, "awake")
            self._client.subscribe(self._asked, 1, self._awake)
        if not self._heard:
            return False
        wall = getattr(self._station, "wall", None)
        patient = self._sleeper.awake_ms() < self._sleeper.rules["patience"] * 500
        if wall and self._sleeper.settings["payload"] == "json" and not wall.is_set and patient:
            return False
        if not self._told and not self._sleeper.is_set(self._clock_then):
            self._shift = self._sleeper.now() - self._sleeper.awake_ms() // 1000 - self._clock_then
        return True

    def _subscribed(self, topic, granted):
        self._heard = self._heard or topic == self._asked

    def _awake(self, message):
        self._stay = message.payload_len > 0 and not message.payload_is(b"off")

    # Publishing

    def _go_on(self, waiting):
        while len(self._under_way) < _AHEAD and not self._told:
            try:
                self._publish(next(waiting))
            except StopIteration:
                self._tell()

    def _publish(self, record):
        left = self._left(record[2]) if record else 0
        if left is not None and left <= 0:
            self._under_way.append(0)
            return self._settle()
        which, value, at = record
        text = self._text(which, value, at)
        # Who has been told of a sensor by discovery, and starts while the node sleeps, wants its last value.
        retain = self._entries[which]["retain"] or self._sleeper.settings["discovery"] is not None
        properties = left and {"message_expiry_interval": left}
        self._under_way.append(self._client.publish(self._names[which], text, 1, retain, properties))

    def _left(self, at):
        # Seconds until a reading of that time is too old; None: never.
        expiry = self._station.settings["broker"]["expiry"]
        return expiry and expiry - (self._sleeper.now() - self._corrected(at))

    def _corrected(self, at):
        return at if self._sleeper.is_set(at) else at + self._shift

    def _text(self, which, value, at):
        name, unit, decimals = self._sleeper.quantities[which]
        text = bytes(self._decimal.text(value, decimals)).decode()
        if self._sleeper.settings["payload"] == "plain":
            return text
        return '{"value":%s,"time":%s,"unit":%s}' % (text, self._time(at), json.dumps(unit))

    def _time(self, at):
        at = self._corrected(at)
        if not self._sleeper.is_set(at):
            return "null"  # nobody ever told this node what time it is
        return '"%04d-%02d-%02dT%02d:%02d:%02dZ"' % tuple(time.gmtime(at + self._sleeper.epoch)[:6])

    def _tell(self):
        # What a wake costs, as the last message: its acknowledgement closes the delivery.
        self._told = True
        about = {"awake_ms": self._sleeper.last_ms, "wakes": self._sleeper.all, "failed": self._sleeper.failed}
        if self._battery is not None:
            about["battery_mv"] = self._battery
        topic = topics.of_node(self._sleeper.settings, "wake")
        self._client.publish(topic, json.dumps(about), 1)

    def _delivered(self, pid, reason):
        if pid in self._under_way:
            self._under_way[self._under_way.index(pid)] = 0
            self._settle()
        if self._told_too:
            self._told_too(pid, reason)

    def _settle(self):
        # What is acknowledged leaves the pocket, from the oldest on.
        while self._under_way and self._under_way[0] == 0:
            self._under_way.pop(0)
            self._done += 1

    # Staying awake

    def _as_long_as_asked(self):
        station = self._station
        Voice(station.log, "sleep").info("stays awake, as %s says" % topics.of_node(station.settings, "awake"))
        self._client.on_delivered = self._told_too
        station.parts += lazy.once("fit", "sensors", station)
        while self._stay:
            station.turn()
