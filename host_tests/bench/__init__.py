"""`make bench`: what the client costs (RAM, bytes) and how fast it is, beside its peers and beside the limit.

A benchmark prints figures of this machine today; it is not a test and fails only if it cannot measure. What runs on
MicroPython is in device/, compiled like everything that goes to a board.
"""
