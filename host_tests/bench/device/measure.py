# Runs one operation of one subject and prints its rate. On MicroPython, compiled.
#
#   measure SUBJECT OPERATION HOST PORT MILLISECONDS COUNT
#
# A subject is a module with a class Subject: the same operations for each client, so that only the client differs.
# COUNT above 0: exactly so many operations, untimed (to count system calls); else one loop that lasts about so long.
import sys
from time import ticks_diff, ticks_us

from message import FILTER


def rate(operation, us):
    # One unbroken loop, as a program has it: what is called between the operations changes where the next allocation
    # finds room, and with it the speed of a client that allocates.
    count = 16
    while True:
        begin = ticks_us()
        operation(count)
        elapsed = ticks_diff(ticks_us(), begin)
        if elapsed >= us * 3 // 4:
            return count * 1000000 // elapsed
        count *= min(32, us // elapsed + 1)


def main(subject, operation, host, port, ms, count):
    s = __import__(subject).Subject(host, int(port))
    if operation == "receive0":
        s.subscribe(FILTER)
    f = getattr(s, operation)
    if int(count):
        f(int(count))
    else:
        print(rate(f, int(ms) * 1000))
    s.close()


main(*sys.argv[1:])
