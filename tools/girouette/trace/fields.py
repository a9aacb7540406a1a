"""The fields a packet's body is made of, read one after the other. Which packet has which is not known here."""

from paho.mqtt import MQTTException
from paho.mqtt.properties import Properties

from .rules import Broken, cited


class Fields:
    """The body of a packet. Raises Broken where it ends too early or a field is no good."""

    def __init__(self, body: bytes, version: int):
        self.body, self.at, self.version = body, 0, version

    def __bool__(self) -> bool:
        return self.at < len(self.body)

    def broken(self, name: str, words: str):
        """Give up, naming the rule."""
        raise Broken(f"{words} {cited(name, self.version)}")

    def take(self, count: int, what: str) -> bytes:
        found = self.body[self.at : self.at + count]
        if len(found) < count:
            self.broken("short", f"the packet ends within its {what}")
        self.at += count
        return found

    def rest(self) -> bytes:
        found, self.at = self.body[self.at :], len(self.body)
        return found

    def byte(self, what: str) -> int:
        return self.take(1, what)[0]

    def number(self, what: str) -> int:
        """Two bytes."""
        return int.from_bytes(self.take(2, what), "big")

    def binary(self, what: str) -> bytes:
        return self.take(self.number(f"length of the {what}"), what)

    def text(self, what: str) -> str:
        raw = self.binary(what)
        try:
            text = raw.decode()  # refuses U+D800..DFFF, and keeps U+FEFF, as the standard wants it
        except UnicodeDecodeError as e:
            self.broken("utf-8", f"the {what} is not UTF-8: byte {e.start} is {raw[e.start]:#04x}")
        if "\0" in text:
            self.broken("null", f"the {what} has a null character in it")
        return text

    def packet_id(self) -> int:
        found = self.number("packet id")
        if not found:
            self.broken("id", "the packet id is 0")
        return found

    def properties(self, packet_type: int) -> dict:
        """MQTT 5: {name: value}; several of one name are a list."""
        if self.version != 5:
            return {}
        begun = Properties(packet_type)
        self._fits()
        try:
            _, used = begun.unpack(self.body[self.at :])
        except KeyError as e:
            self.broken("properties", f"there is no property {e.args[0]}")
        except (MQTTException, ValueError, IndexError) as e:
            self.broken("properties", f"properties: {e or 'they end too early'}")
        except Exception as e:  # paho reads past the end in several ways of its own
            self.broken("properties", f"properties: {type(e).__name__} {e}")
        self.at += used
        return _plain(begun.json())

    def _fits(self):
        # paho does not mind properties that are longer than the packet.
        length = shift = 0
        for seen, byte in enumerate(self.body[self.at : self.at + 4], 1):
            length |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                if self.at + seen + length > len(self.body):
                    self.broken("properties", "the properties are longer than the packet")
                return


def _plain(found: dict) -> dict:
    """What paho has as {"UserProperty": [("a", "b")]} in the standard's spelling, fit for JSON."""
    return {_snake(name): value for name, value in found.items()}


def _snake(name: str) -> str:
    return "".join("_" + letter.lower() if letter.isupper() else letter for letter in name).lstrip("_")
