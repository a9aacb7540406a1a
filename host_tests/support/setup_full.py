"""`make setup-full`: what `make test-full` needs beside `make setup`, one after the other. How each is installed is its
own module's business."""

import sys

from girouette.errors import Failure

from . import brokers_setup, chromium_setup, homeassistant_setup, shells

if __name__ == "__main__":
    try:
        for part in (homeassistant_setup, chromium_setup, shells, brokers_setup):
            part.setup()
    except Failure as e:
        sys.exit(f"setup-full: {e}")
