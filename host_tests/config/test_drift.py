"""Host and device judge a configuration alike: both are made of the same schemas, and here is the proof."""

import functools
import json
from pathlib import Path

import pytest
from girouette import schema
from girouette.check import between, keys
from girouette.check.config import Config
from girouette.paths import FIRMWARE
from mutations import FULL, all_of

JUDGE = Path(__file__).parent / "on_board" / "judge.py"


def device(mp, built, folder, configs) -> list[set[tuple[str, str]]]:
    """For each configuration (path, what is expected) of each fault the device finds."""
    (folder / "configs").write_text("".join(json.dumps(config) + "\n" for config in configs))
    result = mp.run(JUDGE, args=(folder / "configs",), path=(built, built / "lib"), heap="4M", timeout=600)
    assert result.returncode == 0, result.stderr
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(lines) == len(configs)
    return [{tuple(line.split(", found ")[0].split(": expected ", 1)) for line in faults} for faults in lines]


@functools.cache
def configurations(step: int) -> tuple[list, list]:
    """Every so many of all, and what the host says of each: worked out once for both sizes of objects."""
    configs = all_of()[::step]
    return configs, list(map(host, configs))


def host(config) -> set[tuple[str, str]]:
    """The same for the host: faults between keys only where the keys themselves are sound, as on the device."""
    found = keys.faults(config) or between.faults(Config(config, set()))
    return {(fault.key, fault.expected) for fault in found}


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("step", "least"), [(29, 240), pytest.param(1, 7000, marks=pytest.mark.full)])
def test_host_and_device_find_the_same_faults_in_configurations_of_every_kind(mp, built, tmp_path, step, least):
    configs, judged = configurations(step)
    assert len(configs) > least
    found = device(mp, built, tmp_path, configs)
    different = [
        f"{json.dumps(config)}\n  device only {sorted(there - here)}\n  host only {sorted(here - there)}"
        for config, there, here in zip(configs, found, judged, strict=True)
        if there != here
    ]
    assert not different, f"{len(different)} differ:\n" + "\n".join(different[:10])
    assert sum(map(bool, found)) > len(configs) // 2
    assert found[0] == set()


@pytest.mark.parametrize("value", [1, "here", ["x"], {"a": 1}])
def test_the_comparison_sees_a_key_that_only_one_of_them_knows(mp32, built, tmp_path, value):
    config = FULL | {"colour": value}
    assert device(mp32, built, tmp_path, [config]) == [host(config)]
    assert host(config) != host(FULL)


def test_every_kind_of_the_schema_has_its_question_on_the_device():
    kinds = (FIRMWARE / "node" / "kinds.py").read_text()
    named = {name for name, about in schema.source()["$defs"].items() if "expected" in about}
    for name in named:
        assert f"\ndef {name}(found)" in kinds or f"\n{name} = topics." in kinds, name
