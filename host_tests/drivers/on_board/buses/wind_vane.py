# A vane to the south, with a converter that knows microvolts, for readings.py.


class Bus:
    uv = 926000

    def read_uv(self):
        self.uv ^= 1
        return self.uv


VALUES = "1800"
