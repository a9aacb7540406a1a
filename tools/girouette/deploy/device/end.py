# Runs on the board, last: the node may start again, and does; a moment later, so that the console is read by then.
import os
import time

import machine

try:
    os.remove("maintenance")
except OSError as fault:
    if fault.errno != 2:
        raise
if hasattr(os, "sync"):
    os.sync()
time.sleep_ms(1_000)
machine.reset()
