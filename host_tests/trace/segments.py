"""Captures made by the tests: the segments of TCP connections as they cross a network, in a file."""

import io
import itertools
import socket

import dpkt

NODE, BROKER = ("10.0.0.7", 50_000), ("10.0.0.2", 1883)


class Wire:
    """One connection; `out` collects (time, IP packet) in the order in which they are captured."""

    def __init__(self, node=NODE, broker=BROKER, isn=(1000, 5000), clock=None, out=None):
        self.ends = {"→": node, "←": broker}
        self.next = {"→": isn[0], "←": isn[1]}
        self.out = out if out is not None else []
        self._clock = clock or itertools.count(1_800_000_000)

    def open(self):
        """The three-way handshake."""
        self.raw("→", dpkt.tcp.TH_SYN, self.next["→"])
        self.raw("←", dpkt.tcp.TH_SYN | dpkt.tcp.TH_ACK, self.next["←"])
        for side in self.next:
            self.next[side] = (self.next[side] + 1) % 2**32
        return self

    def say(self, side: str, data: bytes):
        """A segment."""
        self.raw(side, dpkt.tcp.TH_ACK, self.next[side], data)
        self.next[side] = (self.next[side] + len(data)) % 2**32
        return self

    def close(self, side: str = "→", flag=dpkt.tcp.TH_FIN):
        self.raw(side, flag | dpkt.tcp.TH_ACK, self.next[side])
        return self

    def raw(self, side: str, flags: int, sequence: int, data: bytes = b""):
        source, target = self.ends[side], self.ends["←" if side == "→" else "→"]
        tcp = dpkt.tcp.TCP(sport=source[1], dport=target[1], seq=sequence, flags=flags, data=data)
        self.out.append((next(self._clock), _ip(source[0], target[0], tcp)))


def _ip(source: str, target: str, tcp):
    family = socket.AF_INET6 if ":" in source else socket.AF_INET
    ends = {"src": socket.inet_pton(family, source), "dst": socket.inet_pton(family, target)}
    if family == socket.AF_INET6:
        return dpkt.ip6.IP6(nxt=dpkt.ip.IP_PROTO_TCP, hlim=64, data=tcp, plen=len(tcp), **ends)
    return dpkt.ip.IP(p=dpkt.ip.IP_PROTO_TCP, ttl=64, data=tcp, len=20 + len(tcp), **ends)


def ethernet(ip) -> bytes:
    """With the padding that a short frame gets."""
    kind = dpkt.ethernet.ETH_TYPE_IP6 if isinstance(ip, dpkt.ip6.IP6) else dpkt.ethernet.ETH_TYPE_IP
    return bytes(dpkt.ethernet.Ethernet(type=kind, data=ip)).ljust(60, b"\0")


def vlan(ip) -> bytes:
    tag = dpkt.ethernet.VLANtag8021Q(pri=0, cfi=0, id=7)
    return bytes(dpkt.ethernet.Ethernet(type=dpkt.ethernet.ETH_TYPE_IP, data=ip, vlan_tags=[tag]))


LINKS = {
    "ethernet": (dpkt.pcap.DLT_EN10MB, ethernet),
    "vlan": (dpkt.pcap.DLT_EN10MB, vlan),
    "raw": (101, bytes),
    "sll": (dpkt.pcap.DLT_LINUX_SLL, lambda ip: bytes(dpkt.sll.SLL(ethtype=dpkt.ethernet.ETH_TYPE_IP, data=ip))),
    "sll2": (dpkt.pcap.DLT_LINUX_SLL2, lambda ip: bytes(dpkt.sll2.SLL2(ethtype=dpkt.ethernet.ETH_TYPE_IP, data=ip))),
    "loopback": (dpkt.pcap.DLT_NULL, lambda ip: b"\2\0\0\0" + bytes(ip)),
}


def file(packets, link: str = "ethernet", kind=dpkt.pcap) -> bytes:
    """The bytes of a capture of these packets."""
    number, wrap = LINKS[link]
    made = io.BytesIO()
    if kind is dpkt.pcapng:
        description = dpkt.pcapng.InterfaceDescriptionBlockLE(linktype=number)
        writer = dpkt.pcapng.Writer(made, idb=description)
    else:
        writer = dpkt.pcap.Writer(made, linktype=number)
    for at, ip in packets:
        writer.writepkt(wrap(ip), at)
    return made.getvalue()
