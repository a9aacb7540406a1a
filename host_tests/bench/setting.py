"""What is measured: the compiled client, its peers, and the programs that drive them, in folders below build/bench."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from girouette.errors import Failure
from girouette.mpy import compile_tree
from girouette.paths import BUILD, LIB
from support.mp import Mp

DEVICE = Path(__file__).parent / "device"
HEAP = "1m"  # the unix port's own default on 32 bits

# mqtt_as is not on PyPI; these are figures recorded before: RAM of its import, bytes of its .mpy.
MQTT_AS = (15_696, 11_071)


class Setting(NamedTuple):
    """Folders to import from, and the MicroPython that does."""

    lean: Path
    simple: Path
    device: Path
    search: tuple  # the folders MicroPython imports from
    mp: Mp

    @classmethod
    def prepare(cls) -> "Setting":
        root = BUILD / "bench"
        folders = {"lean": root / "lib", "simple": root / "peer", "device": root / "device"}
        for folder in folders.values():
            shutil.rmtree(folder, ignore_errors=True)
        compile_tree(LIB / "leanmqtt", folders["lean"] / "leanmqtt")
        compile_tree(_umqtt_simple(root / "pypi"), folders["simple"] / "umqtt")
        compile_tree(DEVICE, folders["device"])
        return cls(**folders, search=tuple(folders.values()), mp=Mp(32))

    def run(self, program: str, *args, heap=HEAP, timeout=120) -> str:
        """Run a compiled program of device/ on MicroPython; what it printed.

        Each module keeps its path in RAM: below `root` it is as long as on a board, "lib/leanmqtt/client.mpy" for
        "/lib/leanmqtt/client.mpy", whatever the checkout is called.
        """
        root = self.device.parent
        search = [path.relative_to(root) for path in self.search]
        result = self.mp.run(f"import {program}", args=args, path=search, heap=heap, timeout=timeout, cwd=root)
        if result.returncode != 0:
            raise Failure(f"{program} {' '.join(map(str, args))} failed:\n{result.stdout}{result.stderr}")
        return result.stdout.strip()


def _umqtt_simple(folder: Path) -> Path:
    """The package folder `umqtt` from PyPI, fetched once.

    The package is for MicroPython: it has no setup.py, so pip downloads it, finds nothing to build and says so. Told
    to leave its working folder behind, it has done what is needed here, through whatever mirror the user has set up.
    """
    found = [*folder.rglob("umqtt/simple.py")]
    if not found:
        folder.mkdir(parents=True, exist_ok=True)
        options = ["--quiet", "--no-clean", "--no-deps", "--no-binary", ":all:"]
        said = subprocess.run(
            [sys.executable, "-m", "pip", "download", *options, "micropython-umqtt.simple==1.3.4"],
            cwd=folder,
            env={**os.environ, "TMPDIR": str(folder)},
            text=True,
            capture_output=True,
        ).stderr
        found = [*folder.rglob("umqtt/simple.py")]
        if not found:
            raise Failure(f"pip could not fetch micropython-umqtt.simple. Is the network up?\n{said.strip()}")
    return found[0].parent
