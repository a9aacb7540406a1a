"""What the scripts on the board print while they work: ampy gives a script up after 10 s in which nothing comes."""

from pathlib import Path

from girouette import deploy

DEVICE = Path(deploy.__file__).parent / "device"
STALE = [f"node/old{n}.mpy" for n in range(40)]
FOLDERS = [f"lib/drivers/new{n}" for n in range(20)]
# Before each change of the flash it notes how many lines have been printed by then.
WATCHED = """
import os, sys
printed, changes = [0], []
def print(*words):
    printed[0] += 1
class Told:
    def __getattr__(self, name):
        def call(*args):
            changes.append(printed[0])
            return getattr(os, name)(*args)
        return call
names = {given!r}
names.update(print=print, os=Told())
exec({script!r}, names)
sys.stdout.write(" ".join(str(n) for n in changes))
"""


def test_between_two_changes_of_the_flash_there_is_a_line(mp, tmp_path):
    for path in (*STALE, "main.py.new", "boot.py.new", "lib/drivers/was/x"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("old")
    (tmp_path / "node" / "gone").mkdir()
    given = {"SWAP": ["main.py", "boot.py"], "STALE": STALE, "EMPTY": ["node/gone"], "FOLDERS": FOLDERS}
    script = (DEVICE / "swap.py").read_text().replace("import os\n", "").replace('hasattr(os, "sync")', "False")
    done = mp.run(WATCHED.format(script=script, given=given), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    changes = [int(n) for n in done.stdout.split()]
    assert len(changes) == 2 + len(STALE) + 1 + len(FOLDERS)
    assert changes == sorted(set(changes)), "two changes without a line between them"
    assert (tmp_path / "main.py").read_text() == "old" and not any((tmp_path / path).exists() for path in STALE)
