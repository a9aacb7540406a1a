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
    wanted = schema.with_defaults("quantity", table)
    if wanted["unit"] and wanted["unit"] not in {about["unit"], *_refined["become"](about["unit"])}:
        wanted["unit"] = None  # a fault of its own
    unit, decimals, factor, offset = _refined["form"](wanted, about["unit"], about["decimals"])
    low, high = sorted(_calibrated(about[end], wanted) * factor + offset for end in ("minimum", "maximum"))
    ends = {"minimum": round(low, decimals), "maximum": round(high, decimals)}
    return about | {"unit": unit, "decimals": decimals} | ends


def _calibrated(value: float, wanted: dict) -> float:
    match wanted["points"]:
        case [[read, true], [other, truth]] if other != read:
            return true + (value - read) * (truth - true) / (other - read)
        case _:
            return value * (1 if wanted["scale"] is None else wanted["scale"]) + (wanted["offset"] or 0)


def faults(config: "Config") -> Iterator[Fault]:
    for entry in config.sensors:
        possible = [*entry.driver["quantities"], *schema.derivable(entry.driver)]
        units = {about["name"]: about["unit"] for about in possible}
        for name, table in entry.asked.items():
            path = (*entry.path, "quantities", name)
            if config.is_sound(path):
                wanted = schema.with_defaults("quantity", table)
                found = _refined["faults"](name, wanted, units[name], bool(config.sleep))
                yield from (Fault((*path, key), expected, what) for key, expected, what in found)
