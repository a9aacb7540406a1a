class Reed:
    """An input with one pin of its own."""

    last = None

    def __init__(self, pin):
        self.pin = pin
        self.text = b"ON"
        Reed.last = self

    def state(self, buf):
        for i, c in enumerate(self.text):
            buf[i] = c
        return len(self.text)

    def poll(self):
        return 10


driver = Reed
