"""`socket` for a MicroPython that has none: it can be imported, which is all that a client with another transport asks.

What must not live here: anything that could pass for a network.
"""


def getaddrinfo(*args):
    raise OSError(95)  # EOPNOTSUPP


socket = getaddrinfo
