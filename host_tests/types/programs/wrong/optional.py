"""Every line that ends in `wrong` is, and no other."""

from leanmqtt import amend, withdraw
from leanmqtt.journal import Client, Journal
from leanmqtt.nolocal import NoLocal
from leanmqtt.seal import Sealer
from leanmqtt.umqtt import MQTTClient

Journal()  # wrong: no path
Journal("a.log", size="1")  # wrong: a number is wanted
Client("a", "b")  # wrong: no journal
Client("a", "b", journal="a.log")  # wrong: a Journal is wanted
Client("a", "b", jurnal=Journal("a"), journal=Journal("a.log"))  # wrong: misspelt
client = Client("a", "b", journal=Journal("a.log"))
client.journal.spill()  # wrong: not for everybody
client.store()  # wrong: no such name
amend.unsent(client, print, 1)  # wrong: too many
NoLocal("a")  # wrong: a client is wanted
withdraw.topic(client, "a/b")  # wrong: bytes are wanted
Sealer(12, "a")  # wrong: no key
Sealer("00" * 32)  # wrong: no path
Sealer("00" * 32, "a").seal("a/b", 1)  # wrong: a payload is text or bytes
old = MQTTClient("a", "b", ssl="yes")  # wrong: neither
old.set_callback(lambda topic: None)  # wrong: gets two things
old.publish("a/b", 1)  # wrong: a payload is text or bytes
old.check_msgs()  # wrong: misspelt
