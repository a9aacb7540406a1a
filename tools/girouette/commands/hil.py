"""`girouette hil`: the gates and figures of this project on a person's own board, and a report of them."""

from pathlib import Path

HELP = "measure a board of your own: allocation, reconnects, sensors, speed; writes a report for an issue"


def add_arguments(parser):
    from girouette import ports

    ports.add_argument(parser)
    parser.add_argument("--config", type=Path, help="network, broker and sensors as in this configuration")
    parser.add_argument("--broker", metavar="URL", help="another broker: mqtt://user:password@host:port")
    parser.add_argument("-o", "--output", type=Path, default=Path("report.md"), help="default: report.md")
    parser.add_argument("--times", type=int, default=100, help="repetitions of each operation (default: 100)")
    parser.add_argument("--json", action="store_true", help="the results for a program, too")
    parser.add_argument("--dry-run", action="store_true", help="show the commands instead of running them")


def run(args) -> int:
    from girouette import ports
    from girouette.demo.account import Account
    from girouette.doctor.settings import configuration
    from girouette.hil import report, setting
    from girouette.hil.bench import Bench
    from girouette.maintenance import maintenance
    from girouette.steps import Steps

    config = configuration(args.config) if args.config else None
    broker = Account.from_url(args.broker) if args.broker else None
    with Steps("hil", args.json, args.dry_run) as steps:
        port = ports.choose(args.port)
        with setting.prepared(config, broker) as made:
            setting.reachable(made)
            steps.secrets += made.words
            with maintenance(port, steps, always_leave=True):
                results = Bench(port, made, steps, args.times).run()
        if args.dry_run:
            return 0
        steps.facts |= report.plain(results)
        args.output.write_text(report.markdown(results, made.words))
        steps.say(f"the report is in {args.output}")
    return 0 if results.well else 1
