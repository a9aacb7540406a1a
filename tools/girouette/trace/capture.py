"""A capture of tcpdump, tshark or Wireshark (pcap or pcapng): its TCP connections as Conversations.

dpkt reads the file and its layers; it was chosen over scapy because it is small, reads a file packet by packet, and has
this project's kind of licence. Which bytes are a packet of MQTT is not known here.
"""

from collections.abc import Iterator
from pathlib import Path

import dpkt

from girouette.errors import Failure

from .conversation import DOWN, UP, Conversation, Line
from .reassembly import Stream

_LINKS = {
    dpkt.pcap.DLT_EN10MB: dpkt.ethernet.Ethernet,
    dpkt.pcap.DLT_LINUX_SLL: dpkt.sll.SLL,
    dpkt.pcap.DLT_LINUX_SLL2: dpkt.sll2.SLL2,
    dpkt.pcap.DLT_NULL: dpkt.loopback.Loopback,
    dpkt.pcap.DLT_LOOP: dpkt.loopback.Loopback,
}
_RAW = {12, 14, 101, 228, 229}  # IP with nothing around it
_OTHER = {UP: DOWN, DOWN: UP}


def lines(path: Path, ports: set[int], version: int, memory: int) -> Iterator[Line]:
    """Raises Failure in words when the file is none."""
    reader = Reader(ports, version, memory)
    try:
        with path.open("rb") as file:
            capture = _opened(file, path)
            at = 0.0
            for at, data in _whole(capture, path):
                yield from reader.packet(at, _network_layer(capture.datalink(), data))
            yield from reader.end(at)
    except OSError as e:
        raise Failure(f"cannot read {path}: {e.strerror}") from None
    if not reader.count:
        listed = ", ".join(map(str, sorted(ports)))
        raise Failure(f"{path}: no MQTT connection in it (ports looked at: {listed}; others: --port N)")


def _opened(file, path: Path):
    try:
        return dpkt.pcap.UniversalReader(file)
    except (ValueError, dpkt.Error):
        raise Failure(
            f"{path} is no capture: expected a pcap or pcapng file, as tcpdump -w or Wireshark writes it"
        ) from None


def _whole(capture, path: Path):
    """The packets; a file cut off in the middle of one ends before it."""
    try:
        yield from capture
    except (dpkt.Error, ValueError) as e:
        raise Failure(f"{path} is damaged or cut off: {e}") from None


def _network_layer(link: int, data: bytes):
    try:
        if link in _RAW:
            return (dpkt.ip6.IP6 if data[:1] >= b"\x60" else dpkt.ip.IP)(data)
        if link not in _LINKS:
            raise Failure(f"the capture is of a link that is not known here (DLT {link}): capture on the broker")
        return _LINKS[link](data).data
    except (dpkt.Error, IndexError):
        return None


class Reader:
    """Sorts segments into connections. One is MQTT by its port, or by the first bytes of the one who called."""

    def __init__(self, ports: set[int], version: int, memory: int):
        self.count = 0
        self._ports, self._version, self._memory = ports, version, memory
        self._open: dict = {}

    def packet(self, at: float, network) -> list[Line]:
        """A packet of the network layer."""
        tcp = getattr(network, "data", None)
        if not isinstance(tcp, dpkt.tcp.TCP):
            return []
        ends = (network.src, tcp.sport), (network.dst, tcp.dport)
        connection = self._connection(ends, tcp)
        return connection.segment(ends[0], tcp, _payload(network, tcp), at) if connection else []

    def end(self, at: float) -> list[Line]:
        """The end of the file."""
        return [line for connection in self._open.values() for line in connection.end(at)]

    def _connection(self, ends, tcp):
        key = frozenset(ends)
        syn = tcp.flags & (dpkt.tcp.TH_SYN | dpkt.tcp.TH_ACK)
        if syn == dpkt.tcp.TH_SYN and not self._again(key, tcp):
            self._open[key] = self._made(ends[0], True)
        elif key not in self._open:
            called = [end for end in ends if end[1] in self._ports]
            if not called:
                return None
            self._open[key] = self._made(ends[0] if called[0] is ends[1] else ends[1], False)
        return self._open[key]

    def _again(self, key, tcp) -> bool:
        """Whether this SYN is that of the connection at hand, sent again."""
        return key in self._open and self._open[key].isn == tcp.seq

    def _made(self, node, whole: bool):
        return _Connection(self, node, whole)

    def number(self) -> int:
        """That of the next connection that is shown."""
        self.count += 1
        return self.count

    def conversation(self, whole: bool) -> Conversation:
        """A new one."""
        return Conversation(self.number(), whole, self._version, self._memory)

    def wanted(self, broker_port: int, first: bytes) -> bool:
        """Whether a connection is MQTT."""
        connects = first[:1] == b"\x10" and (b"MQTT" in first[:12] or b"MQIsdp" in first[:14])
        return connects or broker_port in self._ports


class _Connection:
    """The two streams of one connection."""

    def __init__(self, reader: Reader, node, whole: bool):
        self.isn: int | None = None
        self._reader, self._node, self._whole = reader, node, whole
        self._talk: Conversation | None = None
        self._foreign = self._ended = False
        self._broker = None
        self._lines: list[Line] = []
        self._streams = {side: self._stream(side) for side in (UP, DOWN)}

    def _stream(self, side: str) -> Stream:
        return Stream(
            lambda data, at: self._got(side, data, at),
            lambda count, at: self._lines.extend(self._talk.gap(side, count, at) if self._talk else []),
        )

    def segment(self, sender, tcp, data: bytes, at: float) -> list[Line]:
        side = UP if sender == self._node else DOWN
        stream = self._streams[side]
        if side == UP:
            self._broker = tcp.dport
        if tcp.flags & dpkt.tcp.TH_SYN:
            stream.begin(tcp.seq)
            self.isn = tcp.seq if side == UP else self.isn
        else:
            stream.segment(tcp.seq, data, at)
        if tcp.flags & (dpkt.tcp.TH_FIN | dpkt.tcp.TH_RST) and not self._ended:
            reset = tcp.flags & dpkt.tcp.TH_RST
            self._close(side, at, "reset" if reset else "closed")
        return self._taken()

    def end(self, at: float) -> list[Line]:
        if not self._ended:
            for stream in self._streams.values():
                stream.end(at)
        return self._taken()

    def _close(self, side: str, at: float, how: str):
        self._ended = True
        for stream in self._streams.values():
            stream.end(at)
        if self._talk:
            self._lines += self._talk.closed(side, at, f"{how} by the {'node' if side == UP else 'broker'}")

    def _got(self, side: str, data: bytes, at: float):
        if self._talk is None and not self._foreign:
            port = self._broker
            if side == UP and not self._reader.wanted(port, data):
                self._foreign = True
            else:
                self._talk = self._reader.conversation(self._whole)
                self._lines.append(self._opened(at))
        if self._talk:
            self._lines += self._talk.feed(side, data, at)

    def _opened(self, at: float) -> Line:
        address, port = self._node
        words = f"{dpkt.utils.inet_to_str(address)}:{port} {'connects' if self._whole else 'is connected already'}"
        return Line(at, self._talk.number, UP, None, words)

    def _taken(self) -> list[Line]:
        found, self._lines = self._lines, []
        return found


def _payload(network, tcp) -> bytes:
    """Without what Ethernet pads a short frame with: the length of the IP header counts."""
    if isinstance(network, dpkt.ip.IP) and network.len:
        return bytes(tcp.data)[: max(0, network.len - network.hl * 4 - tcp.off * 4)]
    return bytes(tcp.data)
