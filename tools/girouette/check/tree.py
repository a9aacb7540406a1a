"""config.json with secrets.json laid over it, and where in the two files each value stands."""

from dataclasses import replace

from .fault import Fault, Path
from .source import Node, Source, is_unknown


class Tree:
    """The joined files: `plain` is what they say, `place` where they say it, `faults` where they are no JSON."""

    def __init__(self, config: Source, secrets: Source | None = None):
        sources = [config] if secrets is None else [config, secrets]
        self.faults = [fault for source in sources for fault in source.faults]
        self._root = config.root
        if secrets and secrets.root and self._root:
            self._root = _merged(self._root, secrets.root)
        self.readable = self._root is not None
        self.plain = self._root.plain() if self.readable else None

    def located(self, fault: Fault) -> Fault:
        """The fault with the place of its key or value; of the table around it, where there is none."""
        node = self._root
        source, at = node.source, node.at
        for step in fault.path:
            below = _child(node, step)
            if below is None:
                source, at = node.source, node.at
                break
            source, at = node.keys[step] if fault.at_key and step in node.keys else (below.source, below.at)
            node = below
        line, column = source.place(at)
        return replace(fault, file=source.name, line=line, column=column)

    def unknown(self, path: Path) -> bool:
        """Whether the value at the path was no JSON, so that nothing more can be said of it."""
        node = self._root
        for step in path:
            node = _child(node, step)
            if node is None:
                return False
        return is_unknown(node.value)


def _child(node: Node, step) -> Node | None:
    if isinstance(node.value, dict) and isinstance(step, str):
        return node.value.get(step)
    if isinstance(node.value, list) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    return None


def _merged(found: Node, more: Node) -> Node:
    """As the device does it: tables key by key, lists item by item, anything else replaced."""
    if isinstance(found.value, dict) and isinstance(more.value, dict):
        value, keys = dict(found.value), dict(found.keys)
        for key, node in more.value.items():
            value[key] = _merged(value[key], node) if key in value else node
            keys.setdefault(key, more.keys[key])
        return Node(value, found.at, found.source, keys)
    if isinstance(found.value, list) and isinstance(more.value, list):
        both = [_merged(*pair) for pair in zip(found.value, more.value, strict=False)]
        return Node(both + found.value[len(both) :] + more.value[len(both) :], found.at, found.source)
    return more
