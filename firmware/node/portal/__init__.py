"""First-time set-up from a phone: an access point, a page, a test, config.json. Loaded only by a node that has no
network yet; start reading at door.py.
"""
