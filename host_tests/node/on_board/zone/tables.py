"""Reads lines of JSON [zone, minute] and writes the table that zone.py makes of each."""

import json
import sys

from node import zone

with open(sys.argv[1]) as file:
    for line in file:
        print(json.dumps(zone.table(*json.loads(line))))
