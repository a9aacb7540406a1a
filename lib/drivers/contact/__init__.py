"""A contact that shows how something is: a door, a window, a gate, water on the floor.

It is ON where Home Assistant says "open" of a door and "wet" of a leak: while the contact is open, since a reed contact
is closed by the magnet of a closed door; inverted, while it is closed.
"""

from drivers.bounce import Bounce


class Contact(Bounce):
    """A contact at a machine.Pin, to GND, with pull "down" to the supply. debounce: ms."""

    def __init__(self, pin, pull="up", inverted=False, debounce=50):  # cold: once a contact
        Bounce.__init__(self, pin, pull, inverted != (pull == "down"), debounce)


driver = Contact
