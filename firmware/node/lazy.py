"""Code that is needed seldom: loaded, used, and forgotten again, so that it takes no memory in between."""

import gc
import sys


def load(name):  # cold: rarely
    """The module node.<name>. Raises MemoryError when there is no room for it now."""
    gc.collect()
    return __import__("node." + name, None, None, ("",))


def once(name, function, *args):  # cold: rarely
    """What that function of that module returns; the module is forgotten."""
    result = getattr(load(name), function)(*args)
    forget(name)
    return result


def forget(*names):  # cold: rarely
    """What nothing else holds on to of these modules of the node is garbage then."""
    for name in names:
        drop("node." + name)
    gc.collect()


def drop(name):  # cold: rarely
    """The same for one module by its whole name."""
    if sys.modules.pop(name, None):
        package, _, last = name.rpartition(".")
        package = sys.modules.get(package)
        if hasattr(package, last):  # an import that failed has not got so far
            delattr(package, last)
