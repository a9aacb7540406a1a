# A contact at a pin, for the sensors that count: each look at the clock is `step` ms and a pulse later.


class Bus:
    IN, PULL_UP, IRQ_FALLING, IRQ_RISING = 1, 2, 2, 1

    def init(self, mode, pull):
        pass

    def irq(self, handler, trigger):
        global pin
        self.handler = handler
        pin = self

    def value(self):
        return 0


pin = None
now = 0
step = 100
inside = False


def ticks_ms():
    global now, inside
    if inside or not pin:
        return now
    now = now + step & 0x3FFFFFFF
    inside = True
    pin.handler(pin)
    inside = False
    return now


def patch(module):
    from drivers import pulses

    for each in (module, pulses):
        if hasattr(each, "ticks_ms"):
            each.ticks_ms = ticks_ms
