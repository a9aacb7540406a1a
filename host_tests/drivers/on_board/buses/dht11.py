# A DHT11's frame, for readings.py: as a DHT22's.

from buses import dht22


class Bus:
    frame = b"\x43\x00\x1a\x07\x64"  # 67 %, 26.7 °C


patch = dht22.patch
VALUES = "267 670"
