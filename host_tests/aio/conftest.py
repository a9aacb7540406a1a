"""Programs for asyncio in processes of their own, on CPython and both MicroPythons."""

import itertools
import json
import sys
from pathlib import Path

import pytest
from support import closing
from support.anywhere import KINDS, popen
from support.certificates import Authority

sys.path.insert(0, str(Path(__file__).parents[1] / "mosquitto"))

from ends import cable, watcher  # noqa: F401 - fixtures
from peers import Process

SCENES = Path(__file__).parent / "on_board"


@pytest.fixture(params=KINDS)
def scene(request, lib_mpy, tmp_path):
    """scene(name, port, options of Client): one of on_board/, running. All are killed at the end."""
    numbers = itertools.count()

    def start(name: str, port: int, **options) -> Process:
        argument = tmp_path / f"options{next(numbers)}.json"
        argument.write_text(json.dumps({"port": port, **options}))
        # CPython also tells of coroutines never awaited and of sockets never closed.
        strict = ("-W", "error")
        return Process(popen(request.param, lib_mpy, SCENES / f"{name}.py", argument, beside=(SCENES,), options=strict))

    yield from closing(start)


@pytest.fixture(scope="session")
def authority(tmp_path_factory) -> Authority:
    """Who signed the broker's certificate."""
    made = Authority(tmp_path_factory.mktemp("authority"))
    made.sign("server")
    return made
