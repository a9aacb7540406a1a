# Prints what one module takes of the heap, what it imports being there already. Standard input is a table
# in JSON: the folders, the modules to import first, the module. (An argument may have 255 bytes only.)
import gc
import json
import sys


class Anything:
    """Stands for what only a chip has: any attribute, any call."""

    def __getattr__(self, name):
        return self

    def __call__(self, *args, **kwargs):
        return self


about = json.loads(sys.stdin.read())
sys.path[:] = about["path"]
for name in ("machine", "network", "_onewire"):
    sys.modules[name] = Anything()
for name in about["first"]:
    __import__(name)
name = about["name"]
sys.modules.pop(name, None)
gc.collect()
gc.collect()
before = gc.mem_alloc()
__import__(name)
gc.collect()
gc.collect()
print(gc.mem_alloc() - before)
