"""`make setup-full`: Chromium and its driver, as Debian's packages. How it is driven is browser.py's."""

import shutil
import subprocess

from girouette import debian
from girouette.errors import ToolMissing
from girouette.toolchain import one_at_a_time

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_DRIVER = "chromedriver"
_PACKAGES = ("chromium", "chromium-driver")


def _found() -> tuple[str, str] | None:
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    driver = shutil.which(_DRIVER)
    return (browser, driver) if browser and driver else None


def browser_and_driver() -> tuple[str, str]:
    """The two programs, or ToolMissing with the cure."""
    found = _found()
    if found is None:
        raise ToolMissing(f"Chromium or {_DRIVER} is missing. Run: make setup-full")
    return found


def setup():
    """Install what is missing and say what is there."""
    with one_at_a_time():
        if _found() is None:
            if debian.candidate(_PACKAGES[0]) is None:
                raise ToolMissing(
                    "Chromium and its driver (of the same version) are needed, and this system has no Debian package "
                    f"of them: install both so that {_BROWSERS[0]} and {_DRIVER} are on the PATH; then: make setup-full"
                )
            print("setup-full: installing Chromium", flush=True)
            debian.install(*_PACKAGES)
    browser, _ = browser_and_driver()
    said = subprocess.run([browser, "--version"], text=True, capture_output=True, timeout=60).stdout.split()
    print(f"setup-full: Chromium {said[1] if len(said) > 1 else ''}: {browser}", flush=True)
