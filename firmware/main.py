# Starts the node. It stays a .py file at the root of the board, where MicroPython looks for it; the rest is compiled.
from node.app import main

main()
