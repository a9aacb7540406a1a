"""A strip of SK6812 RGBW or compatible LEDs: as strip, with a white LED of its own beside red, green and blue."""

from drivers.strip import Strip
from drivers.thing import put, put_number

_FULL = 255


class StripRgbw(Strip):
    """The same as a Strip, with an order of four; white is the white LED's."""

    _mode = b"rgbw"
    _orders = ("GRBW", "RGBW", "BRGW", "BGRW", "RBGW", "GBRW", "WRGB", "WGRB")

    def __init__(self, pin, count=60, order="GRBW", boot="off", brightness=100, max_current=0, gamma=220, fade=500):
        # cold: once a strip
        super().__init__(pin, count, order, boot, brightness, max_current, gamma, fade)

    def _usual(self):  # cold: once a strip
        return (0, 0, 0, _FULL, _FULL)

    def _put_color(self, buf, at):
        at = super()._put_color(buf, at)
        return put_number(buf, put(buf, at, b',"w":'), self._color[3])


driver = StripRgbw
