"""`girouette trace`: the packets between a node and its broker in words, as a proxy or from a capture."""

from pathlib import Path

from girouette.errors import Failure

HELP = "show the MQTT packets between a node and its broker, live or from a capture"


def add_arguments(parser):
    parser.add_argument("file", nargs="?", type=Path, help="a capture (pcap, pcapng) instead of a proxy")
    parser.add_argument("--broker", metavar="HOST:PORT", help="where the proxy passes everything on to")
    parser.add_argument("--listen", metavar="[HOST:]PORT", default="1884", help="where nodes call it (default: 1884)")
    parser.add_argument("--filter", metavar="TOPIC", help="only what concerns this topic or topic filter")
    parser.add_argument("--payload", metavar="BYTES", type=int, default=60, help="show so much of it (default: 60)")
    parser.add_argument("--no-payload", action="store_true", help="show none of it")
    parser.add_argument("--json", action="store_true", help="one JSON object per packet")
    parser.add_argument("--port", type=int, action="append", help="a capture's MQTT ports (default: 1883 and 1884)")
    parser.add_argument("--mqtt5", action="store_true", help="a capture that begins within a connection is of MQTT 5")
    parser.add_argument("--memory", type=int, default=128, help="bytes the node holds a message in (default: 128)")


def run(args) -> int:
    from girouette.trace.show import Show

    if bool(args.file) == bool(args.broker):
        raise Failure("expected either --broker HOST:PORT (then nodes connect here) or a capture file")
    show = Show(args.json, args.filter, 0 if args.no_payload else args.payload)
    try:
        if args.file:
            _capture(args, show)
        else:
            _proxy(args, show)
    except Failure:
        if show.any:  # a file that is cut off, say
            show.summary()
        raise
    show.summary()
    return 0


def _capture(args, show):
    from girouette.trace import capture

    ports = set(args.port or (1883, 1884))
    for line in capture.lines(args.file, ports, 5 if args.mqtt5 else 4, args.memory):
        show.line(line)


def _proxy(args, show):
    import asyncio
    import contextlib
    import sys

    from girouette.trace.proxy import Proxy

    listen, broker = _place(args.listen, "0.0.0.0", 1884), _place(args.broker, None, 1883)

    def ready(port):
        there = f"port {port} of this computer"
        print(f"girouette: nodes may connect to {there}; Ctrl-C ends it", file=sys.stderr, flush=True)

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(Proxy(listen, broker, show.line, args.memory).run(ready))


def _place(text: str, host: str | None, port: int) -> tuple[str, int]:
    """HOST:PORT, HOST, or PORT where a host is known."""
    text = text.removeprefix("mqtt://").rstrip("/")
    name, colon, digits = text.rpartition(":")
    if not colon or text.endswith("]"):
        name, digits = (host, text) if host and text.isdigit() else (text, str(port))
    if not digits.isdigit() or not 0 <= int(digits) < 65536 or not name:
        raise Failure(f"expected HOST:PORT, found {text!r}")
    return name.strip("[]"), int(digits)
