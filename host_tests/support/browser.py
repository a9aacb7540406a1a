"""A headless Chromium the size of a phone, for which every name leads to one place: what a captive portal does."""

import os
from pathlib import Path

from selenium import webdriver

from .chromium_setup import browser_and_driver

WIDTH, HEIGHT = 390, 844  # CSS pixels of a phone in use


def phone(host: str, port: int, profile: Path, *, dark: bool = False, javascript: bool = True) -> webdriver.Chrome:
    """A Chromium whose every connection goes to that port, with its own files in `profile`. quit() ends it."""
    browser, driver = browser_and_driver()
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    options.page_load_strategy = "eager"
    for argument in (
        "--headless=new",
        f"--window-size={WIDTH},{HEIGHT}",
        f"--host-resolver-rules=MAP * {host}:{port}",
        f"--user-data-dir={profile}",
        "--disable-background-networking",
        "--disable-dev-shm-usage",
        "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable",  # a phone's portal window asks by HTTP
        "--no-first-run",
        "--no-proxy-server",
        *(("--no-sandbox",) if os.geteuid() == 0 else ()),
    ):
        options.add_argument(argument)
    made = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    made.set_page_load_timeout(60)
    size = {"width": WIDTH, "height": HEIGHT, "deviceScaleFactor": 2, "mobile": True}
    made.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    made.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
    made.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not javascript})
    return made
