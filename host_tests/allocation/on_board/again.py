# Runs on MicroPython: as `reconnect`, at the host and with the options of `place`, by a layer over TCP. Arguments: the
# port, and the plain port, on which another client of the same name makes the broker drop the first.

import gc
import socket
import sys

from leanmqtt import Client
from place import ACCOUNT, HOST

CONNECT = b"\x10\x11\x00\x04MQTT\x04\x02\x00\x3c\x00\x05again"
port, plain = int(sys.argv[1]), int(sys.argv[2])
heard = ups = 0


def on_message(message):
    global heard
    heard += 1


def on_connect(session_present):
    global ups
    ups += 1


def settle(n):
    while client.pending or heard < n:
        client.poll(1000)


client = Client("again", HOST, port, backoff_ms=(1, 16), on_connect=on_connect, **ACCOUNT)
client.subscribe("again", 1, on_message)
client.start()
after = [0] * 101
for n in range(101):
    while ups <= n:
        client.poll(1000)
    client.publish("again", b"21.53", 1)
    settle(heard + 1)
    gc.collect()
    after[n] = gc.mem_alloc()
    other = socket.socket()
    other.connect(socket.getaddrinfo("127.0.0.1", plain)[0][-1])
    other.write(CONNECT)
    other.read(4)
    other.close()
print(ups - 1, heard, after[10], after[100])
