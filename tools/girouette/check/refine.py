"""What `quantities` of a sensor asks for: whether it can be had, and what is published then. The words and the numbers
are those of firmware/node/refined.py, which the device asks too.
"""

import runpy
from collections.abc import Iterator
from typing import TYPE_CHECKING

from girouette import schema
from girouette.paths import FIRMWARE

from .fault import Fault

if TYPE_CHECKING:
    from .config import Config

_refined = runpy.run_path(str(FIRMWARE / "node" / "refined.py"))


def measures(driver: dict, asked: dict) -> list[dict]:
    """The quantities of a sensor as they are published, in the form of those of a schema; `asked`: its `quantities`."""
    found = list(driver.get("quantities", ()))
    found += sorted((one for one in schema.derivable(driver) if one["name"] in asked), key=lambda one: one["name"])
    return [_published(about, asked[about["name"]]) if about["name"] in asked else about for about in found]


def _published(about: dict, table: dict) -> dict:
    name, wanted = about["name"], schema.with_defaults("quantity", table)
    faulty = {key for _, key, _, _ in _refined["faults"]({name: wanted}, {name: about["unit"]}, False)}
    wanted |= dict.fromkeys(faulty)
    unit, decimals, factor, offset = _refined["form"](wanted, about["unit"], about["decimals"])
    scale, more = _refined["calibration"](wanted)
    low, high = sorted((about[end] * scale + more) * factor + offset for end in ("minimum", "maximum"))
    ends = {"minimum": round(low, decimals), "maximum": round(high, decimals)}
    return about | {"unit": unit, "decimals": decimals} | ends


def faults(config: "Config") -> Iterator[Fault]:
    for entry in config.sensors:
        path = (*entry.path, "quantities")
        sound = {name: table for name, table in entry.asked.items() if config.is_sound((*path, name))}
        asked = {name: schema.with_defaults("quantity", table) for name, table in sound.items()}
        possible = [*entry.driver["quantities"], *schema.derivable(entry.driver)]
        units = {about["name"]: about["unit"] for about in possible}
        for name, key, expected, found in _refined["faults"](asked, units, bool(config.sleep)):
            yield Fault((*path, name, key), expected, found)
