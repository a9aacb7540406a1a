"""Checks configurations as the node does: a JSON line of each in, a JSON line of its faults out."""

import json
import sys

from node.check import check

with open(sys.argv[1]) as lines:
    for line in lines:
        print(json.dumps(check(json.loads(line))[1]))
