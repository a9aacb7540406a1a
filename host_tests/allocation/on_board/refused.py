# Runs on MicroPython: an outbox that refuses. The exception allocates; nothing of it stays, and nothing has changed.

import gc

from leanmqtt import OutboxFull
from rig import TOPIC, made

client, _ = made(overflow="refuse")
used = refused = accepted = 0
for n in range(100):
    try:
        client.publish(TOPIC, bytes(90))
        accepted += 1
    except OutboxFull:
        refused += 1
    gc.collect()
    used = gc.mem_alloc() - used if n in (50, 99) else used
print(accepted, refused, client.pending, client.dropped, used)
