"""Forgets what is needed to understand config.json, or to make something of it. Itself loaded for that moment."""

import sys

from . import lazy


def up():
    """Forget the tables of the node and of all drivers, and what reads them."""
    for name in list(sys.modules):
        if name.startswith("drivers.") and name.endswith(".keys"):
            lazy.drop(name)
    lazy.forget("config", "check", "keys", "kinds", "spelling", "keep", "texts", "topics", "parts")
