"""`girouette build`: the folder that goes to a device, with a table of what is in it."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from girouette import boards, build, firmware
from girouette import parts as choose
from girouette.build import romfs
from girouette.paths import BUILD, shown
from girouette.steps import Steps

HELP = "build the folder that goes to a device: compiled, with a manifest; the configuration is checked first"


def add_arguments(parser):
    parser.add_argument("board", metavar="BOARD", help="the board, as `girouette boards` lists them")
    parser.add_argument("--config", type=Path, metavar="FILE", help="take the drivers it uses; checked and copied")
    parser.add_argument("--output", type=Path, metavar="DIR", help="default: build/BOARD")
    parser.add_argument("--all", action="store_true", help="all drivers, whatever the configuration uses")
    parser.add_argument("--romfs", action="store_true", help="also DIR.romfs, an image for a board that has a ROMFS")
    parser.add_argument("--frozen", action="store_true", help="also build/frozen, which firmware/manifest.py freezes")
    parser.add_argument("--allow-strapping", action="store_true", help="let parts use pins the chip reads as it starts")
    parser.add_argument("--json", action="store_true", help="one JSON object for a program")
    parser.add_argument("--dry-run", action="store_true", help="check, say what would be built, and build nothing")


def run(args) -> int:
    target = args.output or BUILD / args.board
    with Steps("build", args.json, args.dry_run) as steps:
        boards.load(args.board)
        steps.facts |= {"board": args.board, "folder": str(target)}
        parts = list(choose.all_parts())
        if args.config:
            with steps.step("checking the configuration") as step:
                report, config = build.checked(args.board, args.config, args.allow_strapping)
                parts = parts if args.all else choose.parts(config)
                step.note("; ".join([f"{shown(args.config)} is sound", *report.notes]))
        steps.facts["parts"] = parts
        if args.dry_run:
            steps.say(f"  would build {shown(target)} for {args.board} with the drivers: {', '.join(parts) or 'none'}")
            return 0
        with steps.step("compiling") as step:
            built = build.make(args.board, target, args.config, args.all, args.allow_strapping)
            step.note(f"{len(built.files)} files, {sum(built.sizes.values()):,} bytes, in {shown(target)}")
        if args.romfs:
            with steps.step("packing the ROMFS image") as step:
                image = romfs.write(built)
                step.note(f"{image.stat().st_size:,} bytes, {shown(image)}")
                steps.facts["romfs"] = str(image)
        if args.frozen:
            with steps.step("writing what firmware/manifest.py freezes") as step:
                firmware.write_frozen(BUILD / "frozen")
                step.note(shown(BUILD / "frozen"))
        _tell(steps, built, args.json)
    return 0


def _tell(steps: Steps, built: build.Built, as_json: bool):
    ram = built.ram
    steps.facts["files"] = {
        path: {"sha256": digest, "size": built.sizes[path]} | ({"ram": ram[path]} if path in ram else {})
        for path, digest in built.files.items()
    }
    steps.facts["total"] = {"size": sum(built.sizes.values()), "ram": sum(ram.values())}
    if not as_json:
        Console(highlight=False).print(_table(built, ram))


def _table(built: build.Built, ram: dict[str, int]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", footer_style="bold", show_footer=True)
    table.add_column("file", "all (not all are loaded at once)")
    table.add_column("flash, bytes", f"{sum(built.sizes.values()):,}", justify="right")
    table.add_column("RAM, about", f"{sum(ram.values()):,}", justify="right")
    table.add_column("SHA-256", justify="left", style="dim")
    for path, digest in built.files.items():
        table.add_row(path, f"{built.sizes[path]:,}", f"{ram[path]:,}" if path in ram else "", digest[:12])
    return table
