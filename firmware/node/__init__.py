"""The node: network, broker and sensors joined from config.json. Start reading at app.py."""

VERSION = "0.1.0"


# Here, since it must be the same class for all of a life: other modules are loaded, forgotten and loaded again.
class Unfit(Exception):
    """config.json asks for what this chip, part or client cannot do; the text begins with the key's path."""
