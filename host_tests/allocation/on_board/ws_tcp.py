# Runs on MicroPython: the program `tcp`, over WebSocket. Arguments behind the repetitions: the port, and over TLS the
# file of the CA.

import sys

import place

port = int(sys.argv[2])
place.HOST = "ws://127.0.0.1:%d/mqtt" % port
if len(sys.argv) > 3:
    place.HOST = "wss://localhost:%d/mqtt" % port
    place.ACCOUNT = {"tls": {"ca": sys.argv[3]}}

import tcp  # noqa: E402, F401
