# Runs on the simulated board: what reading, writing and polling a link costs. The test adds port.py.

import select
import socket
import time

import network
from gate import verdict
from port import PORT

wlan = network.WLAN(network.STA_IF)
wlan.active(True)
wlan.connect("any", "any")
while not wlan.isconnected():
    time.sleep_ms(1)

link = socket.socket()
link.connect(socket.getaddrinfo("127.0.0.1", PORT)[0][-1])
link.setblocking(False)
poll = select.poll()
poll.register(link, select.POLLIN)
buf = bytearray(16)


def exchange():
    link.write(buf, 4, 8)
    for _ in poll.ipoll(10000):
        link.readinto(buf, 8)


verdict(exchange, 1000)
print("done")
