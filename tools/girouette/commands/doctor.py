"""`girouette doctor`: everything between a person and a node that publishes, checked, with cures."""

from pathlib import Path

HELP = "check tools, ports, the board and the way to the broker; exit status 1: something does not work"

_SIGNS = {"ok": "[green]✓[/]", "warn": "[yellow]![/]", "bad": "[red]✗[/]"}


def add_arguments(parser):
    parser.add_argument("--config", type=Path, help="check the way to this configuration's broker, too")
    parser.add_argument("--port", help="the board's (default: the only one plugged in); a node is started anew")
    parser.add_argument("--broker", metavar="URL", help="this broker instead: mqtt[s]://user:password@host:port")
    parser.add_argument("--json", action="store_true", help="for a program")


def run(args) -> int:
    from girouette.doctor.examine import examine

    verdicts = []
    for verdict in examine(args.port, args.config, args.broker):
        verdicts.append(verdict)
        if not args.json:
            _show(verdict)
    well = not any(verdict.level == "bad" for verdict in verdicts)
    if args.json:
        import json

        print(json.dumps({"ok": well, "checks": [verdict.plain() for verdict in verdicts]}, indent=2))
    return 0 if well else 1


def _show(verdict):
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False, soft_wrap=True)
    console.print(f"{_SIGNS[verdict.level]} [bold]{verdict.check}[/]  {escape(verdict.words)}")
    for line in verdict.cure.splitlines():
        console.print(f"    {line}", markup=False, style="dim" if verdict.level == "ok" else "")
