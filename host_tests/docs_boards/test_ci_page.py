"""docs/ci.md: its workflow is that of examples/ci, and its steps, run here in their order, pass; and can fail."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import checkouts
import pytest
import yaml
from girouette.paths import ROOT

EXAMPLE = ROOT / "examples" / "ci"
WORKFLOW = EXAMPLE / ".github" / "workflows" / "ci.yml"
PAGE = (ROOT / "docs" / "ci.md").read_text()


_LARGE = "def f(a):\n    b, c, d, e, g, h, i, j, k, m = a\n    return b + c\n\n\ndef temperature(raw)"


def job() -> dict:
    (only,) = yaml.safe_load(WORKFLOW.read_text())["jobs"].values()
    return only


def ran(project: Path) -> list[tuple[str, int, str]]:
    """(command, status, output) of the steps in order, up to the first that fails."""
    env = os.environ | job()["env"]
    env.pop("PYTEST_CURRENT_TEST", None)
    done = []
    for step in job()["steps"]:
        if command := step.get("run"):
            result = subprocess.run(
                ["bash", "-e", "-c", command], cwd=project, env=env, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300,
            )  # fmt: skip
            done.append((command, result.returncode, result.stdout))
            if result.returncode:
                break
    return done


@pytest.fixture
def project(tmp_path) -> Path:
    """What the runner has after its checkouts."""
    shutil.copytree(EXAMPLE, tmp_path / "project", ignore=shutil.ignore_patterns("build", "__pycache__", ".*_cache"))
    checkouts.fresh(tmp_path / "project" / "girouette")
    return tmp_path / "project"


def test_the_page_shows_the_workflow_of_the_example():
    (shown,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert shown == WORKFLOW.read_text()


def test_the_workflow_is_one_that_github_understands():
    whole = yaml.safe_load(WORKFLOW.read_text())
    assert set(whole) == {"name", True, "jobs"} and whole[True] == ["push", "pull_request"]  # YAML reads `on` as true
    assert job()["runs-on"] and job()["timeout-minutes"] <= 30
    steps = job()["steps"]
    assert all(("uses" in step) != ("run" in step) for step in steps)
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", step["uses"]) for step in steps if "uses" in step)
    (place,) = [step["with"]["path"] for step in steps if "repository" in step.get("with", {})]
    assert place == "girouette"


def test_the_page_shows_the_files_of_the_example():
    for name in re.findall(r"^    ?(\S+\.(?:py|json|yml))\b", PAGE, re.MULTILINE):
        assert (EXAMPLE / name).is_file(), name


@pytest.mark.full
@pytest.mark.timeout(400)
def test_its_steps_pass_in_a_fresh_copy(project):
    done = ran(project)
    assert [status for _, status, _ in done] == [0] * len(done), done[-1]
    assert len(done) == sum("run" in step for step in job()["steps"])
    built = json.loads((project / "build" / "manifest.json").read_text())["files"]
    assert "lib/drivers/tmp117/__init__.mpy" in built and "lib/drivers/bme280/__init__.mpy" not in built
    assert re.search(r"\b13 passed", done[-1][2])


@pytest.mark.full
@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("file", "old", "new", "step"),
    [
        ("config.json", '"scl": 22', '"scl": 6', "check"),  # a pin of the flash chip
        ("drivers/tmp117/__init__.py", "def temperature(raw)", _LARGE, "frames"),
        ("drivers/tmp117/__init__.py", "0x117)", "0x118)", "pytest"),
        ("drivers/tmp117/__init__.py", "* 100 + 64", "* 10 + 64", "pytest"),
    ],
)
def test_a_fault_of_the_project_fails_the_step_that_is_there_for_it(file, old, new, step, project):
    text = (project / file).read_text()
    assert old in text
    (project / file).write_text(text.replace(old, new))
    command, status, output = ran(project)[-1]
    assert status and step in command, output
