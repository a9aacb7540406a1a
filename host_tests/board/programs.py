"""Beginnings of programs for the board: how each of them gets on the network."""

# `dial(host, port)` opens a link.
DIAL = """
import socket

def dial(host, port):
    link = socket.socket()
    link.connect(socket.getaddrinfo(host, port)[0][-1])
    return link
"""

# Joins the Wi-Fi; `dial(host, port)` opens a link.
JOIN = """
import network, select, socket, time, machine
wlan = network.WLAN(network.STA_IF)
wlan.active(True)
wlan.connect("any", "any")
while not wlan.isconnected():
    time.sleep_ms(1)
print("joined")

def dial(host, port):
    link = socket.socket()
    link.connect(socket.getaddrinfo(host, port)[0][-1])
    return link

def wait_until_not_connected():
    while wlan.isconnected():
        time.sleep_ms(1)
"""
