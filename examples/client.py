# A node in twenty lines: a reading every ten seconds, a lamp that obeys, presence. Runs on a board and on a PC:
#   PYTHONPATH=lib python3 examples/client.py broker.local      (any broker; "host" or "host:port")
import sys
import time

from leanmqtt import Client, Will


def lamp(message):
    print("lamp", "on" if message.payload_is(b"ON") else "off")
    client.publish(b"ha/lamp", message.payload, qos=1, retain=True)


host = sys.argv[1] if len(sys.argv) > 1 else "localhost"
status = "ha/porch/status"
client = Client("porch", host, will=Will(status, "offline", 1, True), birth=Will(status, "online", 1, True))
client.on_disconnect = lambda error: print(error or "goodbye")
client.subscribe("ha/lamp/set", qos=1, handler=lamp)
client.start()  # from here on, poll connects, and connects again
due = time.time()
while True:
    if time.time() >= due:
        due += 10
        client.publish(b"ha/temperature", "21.5", qos=1)  # kept while there is no link
    client.poll(1000)
