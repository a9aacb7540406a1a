# Runs on MicroPython: the program `again`, over TLS. Arguments: the port, the plain port, the file of the CA.

import sys

import place

place.HOST = "localhost"
place.ACCOUNT = {"tls": {"ca": sys.argv[3]}}

import again  # noqa: E402, F401
