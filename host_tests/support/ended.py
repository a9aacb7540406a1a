"""A process of one's own that a test may end: politely, or as a power cut does."""

import signal


class Ended:
    """`_process`: a subprocess.Popen, None while there is none."""

    _process = None

    def stop(self):
        """Ask it to end (a broker saves its state), and wait for it."""
        self._end(signal.SIGTERM)

    def kill(self):
        """End it as a power cut does."""
        self._end(signal.SIGKILL)

    def _end(self, number):
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(timeout=60)
            self._process = None
