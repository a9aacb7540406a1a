"""The first step of `make setup`: a virtual environment with this checkout installed in it.

Runs on whatever `python3` is, so it uses the standard library alone and syntax an old Python can read well enough
to be told that it is too old. Everything after the environment is the business of `girouette setup`.
"""

import fcntl
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
STAMP = os.path.join(VENV, ".installed")
PYPROJECT = os.path.join(ROOT, "pyproject.toml")
OLDEST = (3, 10)


def fail(message):
    sys.exit("setup: " + message)


def installed():
    """Whether the environment is complete and not older than the list of what belongs in it."""
    return os.path.exists(STAMP) and os.path.getmtime(STAMP) >= os.path.getmtime(PYPROJECT)


def run(command, **kwargs):
    try:
        return subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True, **kwargs
        )
    except OSError as e:  # no such program: a result like any other
        return subprocess.CompletedProcess(command, 127, str(e))


def usable():
    return run([os.path.join(VENV, "bin", "python"), "-m", "pip", "--version"]).returncode == 0


def make_environment():
    command = [sys.executable, "-m", "venv", "--clear", VENV]
    if run(command).returncode == 0:
        return
    package = "python%d.%d-venv" % sys.version_info[:2]  # Debian keeps ensurepip in a package of its own
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if shutil.which("apt-get"):
        print("setup: installing " + package, flush=True)
        install = "export DEBIAN_FRONTEND=noninteractive; apt-get install -y {0} ||"
        install += " {{ apt-get update && apt-get install -y {0}; }}"  # a fresh machine has no list of packages yet
        run(as_root + ["sh", "-c", install.format(package)])
    result = run(command)
    if result.returncode != 0:
        fail(
            "Python cannot make a virtual environment:\n%s\nOn Debian and Ubuntu: sudo apt-get install %s"
            % (result.stdout.strip(), package)
        )


def install_packages():
    print("setup: installing the Python packages into .venv", flush=True)
    pip = [os.path.join(VENV, "bin", "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    result = run(pip + ["--editable", ROOT + "[dev]"])
    if result.returncode != 0:
        fail(
            "pip could not install the packages of pyproject.toml:\n%s\n"
            "Is the network up? A proxy or a mirror is set by HTTPS_PROXY or PIP_INDEX_URL; then run it again."
            % "\n".join([line for line in result.stdout.splitlines() if line.startswith("ERROR")] or [result.stdout])
        )


def main():
    if sys.version_info < OLDEST:
        fail(
            "%s is Python %d.%d; Girouette needs 3.10 or newer. Name one: make setup PYTHON=python3.12"
            % ((sys.executable,) + tuple(sys.version_info[:2]))
        )
    with open(os.path.join(ROOT, "Makefile")) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two setups at once: the second waits and finds the work done
        if not installed():
            if not usable():
                make_environment()
            install_packages()
            open(STAMP, "w").close()
    girouette = os.path.join(VENV, "bin", "girouette")
    os.execv(girouette, [girouette, "setup"])


if __name__ == "__main__":
    main()
