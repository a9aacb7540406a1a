"""`girouette demo`: watch a node live, without a board."""

import os

from girouette.demo.account import Account
from girouette.demo.brokers import KINDS
from girouette.errors import Failure

HELP = "a weather station, or a greenhouse, on a simulated board, a real broker, and what a subscriber receives"


NODES = ("station", "greenhouse")


def add_arguments(parser):
    parser.add_argument(
        "node", nargs="?", choices=NODES, default="station", help="which node to show (default: %(default)s)"
    )
    parser.add_argument("--seconds", type=_seconds, help="end by itself after so long (default: until Ctrl-C)")
    parser.add_argument(
        "--broker",
        metavar="URL",
        default=os.environ.get("BROKER"),
        help="a broker of your own, mqtt://user:password@host:port (default: $BROKER, or one of the demo's)",
    )
    parser.add_argument("--broker-kind", choices=KINDS, default="auto", help="which broker to start (default: auto)")


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise ValueError
    return value


def run(args) -> int:
    try:
        from girouette.demo.show import show
    except ModuleNotFoundError as e:
        raise Failure(f"the Python package {e.name} is missing. Run: make setup") from e
    return show(args.node, args.seconds, Account.from_url(args.broker) if args.broker else None, args.broker_kind)
