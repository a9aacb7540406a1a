# Runs on MicroPython: the program `again`, over WebSocket. Arguments: the port, the plain port.

import place

place.HOST = "ws://127.0.0.1/mqtt"

import again  # noqa: E402, F401
