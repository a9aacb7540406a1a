# Runs on MicroPython: the program `tcp`, over TLS. Arguments behind the repetitions: the port, the file of the CA.

import sys

import place

place.HOST = "localhost"
place.ACCOUNT = {"tls": {"ca": sys.argv[3]}}

import tcp  # noqa: E402, F401
