"""The checksums of sensors, a bit at a time: a table would cost more RAM than it saves time. No frame is known here."""


def crc8(buf, start, end, crc=0xFF):
    """Polynomial 0x31, high bit first, of buf[start:end]. Sensirion begins with 0xFF, HTU21D and SHT2x with 0."""
    while start < end:
        crc = _shifted(crc ^ buf[start])
        start += 1
    return crc


def _shifted(crc):
    for _ in range(8):
        crc = (crc << 1 ^ 0x31) & 0xFF if crc & 0x80 else crc << 1
    return crc
