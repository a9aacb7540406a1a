# Runs one operation of one subject for a while and prints its rate. On MicroPython, compiled.
#
#   measure SUBJECT OPERATION HOST PORT MILLISECONDS COUNT
#
# A subject is a module with a class Subject: the same operations for each client, so that only the client differs.
# COUNT above 0: exactly so many operations, untimed (to count system calls); else as many as fit in the time.
import sys
from time import ticks_diff, ticks_us

from message import FILTER

BATCHES = {"publish0": 64, "receive0": 64, "publish1": 16, "window1": 64}


def rate(operation, batch, us):
    operation(batch)  # warm
    done = 0
    begin = ticks_us()
    while True:
        operation(batch)
        done += batch
        elapsed = ticks_diff(ticks_us(), begin)
        if elapsed > us:
            return done * 1000000 // elapsed


def main(subject, operation, host, port, ms, count):
    s = __import__(subject).Subject(host, int(port))
    if operation == "receive0":
        s.subscribe(FILTER)
    f = getattr(s, operation)
    if int(count):
        f(int(count))
    else:
        print(rate(f, BATCHES[operation], int(ms) * 1000))
    s.close()


main(*sys.argv[1:])
