"""`girouette config pull|push|edit`: the configuration of a node at a serial port."""

import json
from pathlib import Path

from girouette import deviceconfig, ports, textfile
from girouette.deviceconfig import CONFIG, SECRETS
from girouette.errors import Failure
from girouette.steps import Steps

HELP = "read, replace or edit the config.json of a node on a cable"


def add_arguments(parser):
    what = parser.add_subparsers(dest="what", required=True, metavar="pull|push|edit")
    pull = what.add_parser("pull", help="show it without its passwords, or save it")
    pull.add_argument("file", nargs="?", type=Path, help="save it here, as it is")
    push = what.add_parser("push", help="check a file, put it on the board, restart the node")
    push.add_argument("file", nargs="?", type=Path, default=Path(CONFIG), help="default: %(default)s")
    push.add_argument("--secrets", type=Path, metavar="FILE", help="put this secrets.json there too")
    edit = what.add_parser("edit", help="open it in $EDITOR, check what you saved, put it back")
    for command in (pull, push, edit):
        ports.add_argument(command)
        command.add_argument("--json", action="store_true", help="tell the result in JSON")
        command.add_argument("--dry-run", action="store_true", help="print the commands and run nothing")
    for command in (push, edit):
        command.add_argument("--board", metavar="ID", help="check the pins of this board")


def run(args) -> int:
    port = ports.choose(args.port)
    aside = args.what == "pull" and args.file is None
    with Steps(f"config {args.what}", args.json, args.dry_run, aside) as steps:
        {"pull": _pull, "push": _push, "edit": _edit}[args.what](args, port, steps)
    return 0


def _pull(args, port: str, steps: Steps):
    text, _ = deviceconfig.pull(port, steps)
    if args.dry_run:
        return
    if args.file:
        _save(args.file, text)
        steps.facts["file"] = str(args.file)
    elif args.json:
        steps.facts["config"] = _parsed(deviceconfig.masked(text))
    else:
        print(deviceconfig.masked(text).rstrip("\n"))


def _push(args, port: str, steps: Steps):
    text, secrets = textfile.read(args.file), args.secrets and textfile.read(args.secrets)
    names = (str(args.file), str(args.secrets or SECRETS))

    def judge(secrets: str | None):
        deviceconfig.checked(text, secrets, args.board, names)

    later = None
    with steps.step("checking") as step:
        try:
            judge(secrets)
        except Failure:
            if args.secrets or args.dry_run or not deviceconfig.readable(text):
                raise
            step.note(f"what is missing may be in the {SECRETS} of the board")
            later = judge
    deviceconfig.push(port, steps, _files(text, secrets), later)


def _edit(args, port: str, steps: Steps):
    text, secrets = deviceconfig.pull(port, steps)
    if args.dry_run:
        steps.say("  # your editor, and a check of what you saved")
        deviceconfig.push(port, steps, _files(text, None))
        return
    file = deviceconfig.edited(text)
    try:
        new = file.read_text()
        if new == text:
            steps.say("nothing was changed")
        else:
            with steps.step("checking"):
                deviceconfig.checked(new, secrets, args.board, (CONFIG, SECRETS))
            deviceconfig.push(port, steps, _files(new, None))
    except (Failure, UnicodeDecodeError) as fault:
        raise Failure(f"{fault}\nyour edit is kept: correct it and\n  girouette config push {file}") from None
    file.unlink()


def _files(text: str, secrets: str | None) -> dict[str, bytes]:
    return ({SECRETS: secrets.encode()} if secrets else {}) | {CONFIG: text.encode()}


def _save(path: Path, text: str):
    """Readable for its owner only: there may be passwords in it."""
    try:
        textfile.write_private(path, text)
    except OSError as fault:
        raise Failure(f"cannot write {path}: {fault.strerror}") from None


def _parsed(text: str):
    try:
        return json.loads(text)
    except ValueError:
        return text
