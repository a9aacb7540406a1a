# Starts the node. It stays a .py file at the root of the board, where MicroPython looks for it; the rest is compiled.
import leanmqtt  # noqa: F401  first: an import inside an import inside an import takes C stack, which is short on a chip
from node.app import main

main()
