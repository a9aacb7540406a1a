# Runs on MicroPython: what a client with a journal allocates while it is online and nothing is written, and what a
# write to the file takes for a moment (the last line: `write`, live bytes, transient bytes). Compiled client, real
# LittleFS in RAM.

import gc

import micropython
from flash import path
from leanmqtt.journal import Client, Journal
from meter import measure
from rig import TOPIC, Publishing
from wire import Clock, Wire

wire = Wire(Clock())
journal = Journal(path(), 40000, 5000)
client = Client("gate", "broker", clean=False, clock=wire.clock, transport=wire, journal=journal)
client.connect()
p = Publishing(client, wire, 1, [TOPIC], [b"21.53"])
measure("publish QoS 1, with a journal", p.singly, p.done, 1)
client.disconnect()
for _ in range(20):
    client.publish(TOPIC, b"21.53")
journal.flush()
client.publish(TOPIC, b"21.53")
gc.collect()
gc.disable()
total = micropython.mem_total()
live = gc.mem_alloc()
journal.flush()
print("write", gc.mem_alloc() - live, micropython.mem_total() - total)
