"""The view for a pipe or a file: one line for each thing that happens, in the order it happens."""

import os
import sys
import threading
import time

from .subscriber import Topic


class Plain:
    """Prints with the seconds since the start; called from the board's and the subscriber's threads."""

    def __init__(self, out=None):
        self._out = out or sys.stdout
        self.unread = False  # whoever read the pipe has gone
        self._begun = time.monotonic()
        self._lock = threading.Lock()

    def line(self, who: str, text: str):
        with self._lock:
            try:
                print(f"{time.monotonic() - self._begun:7.2f}  {who:10} {text}", file=self._out, flush=True)
            except BrokenPipeError:
                self.unread = True
                os.dup2(os.open(os.devnull, os.O_WRONLY), self._out.fileno())  # for what is still to be flushed

    def value(self, topic: Topic):
        self.line("received", f"{topic.name} {topic.value} {topic.unit}".rstrip())
