"""The commands of the node, one module each: run(station, payload), which raises ValueError in plain words for a bad
one and has changed nothing then. Each is loaded for the moment it runs.
"""
