# Runs first at every start, and stays empty: a fault here could lock a board up. The node begins in main.py.
