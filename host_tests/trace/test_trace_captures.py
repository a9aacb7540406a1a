"""A capture is told as its connections were, whatever the order of its segments; what is missing is said."""

import contextlib
import io
import random

import dpkt
import pytest
import segments
from girouette.cli import main
from girouette.errors import Failure
from girouette.trace import capture
from girouette.trace.conversation import DOWN, UP
from segments import Wire
from talk import CONNACK, connect, packet, publish

TEXTS = [publish(f"ha/{n}", b"x" * n, 0x32, n) for n in range(1, 30)]


def read(tmp_path, packets, ports=(1883,), version=4, **options) -> list:
    path = tmp_path / "capture"
    path.write_bytes(segments.file(packets, **options))
    return list(capture.lines(path, set(ports), version, 128))


def told(lines) -> list[str]:
    """Kind and topic of each packet, and each event."""
    return [line.event or f"{line.direction}{line.packet.kind} {line.packet.topic or ''}".strip() for line in lines]


def opened(**options) -> Wire:
    return Wire(**options).open().say(UP, connect()).say(DOWN, CONNACK)


PLAIN = ["10.0.0.7:50000 connects", "→CONNECT", "←CONNACK", "→PUBLISH ha/1", "→DISCONNECT", "closed by the node"]


def plain(**options) -> Wire:
    return opened(**options).say(UP, TEXTS[0]).say(UP, packet(0xE0)).close()


@pytest.mark.parametrize("kind", [dpkt.pcap, dpkt.pcapng], ids=["pcap", "pcapng"])
@pytest.mark.parametrize("link", segments.LINKS)
def test_a_capture_of_any_link_is_told(tmp_path, kind, link):
    assert told(read(tmp_path, plain().out, link=link, kind=kind)) == PLAIN


def test_a_capture_of_ipv6_is_told(tmp_path):
    lines = read(tmp_path, plain(node=("fe80::7", 50_000), broker=("fe80::2", 1883)).out)
    assert told(lines) == ["fe80::7:50000 connects", *PLAIN[1:]]


@pytest.mark.parametrize("isn", [1000, 2**32 - 120], ids=["plain", "wraps"])
@pytest.mark.parametrize("seed", range(8))
def test_segments_out_of_order_repeated_and_overlapping_tell_the_same(tmp_path, seed, isn):
    dice = random.Random(seed)
    wire = opened(isn=(isn, 5000))
    stream, begin = b"".join(TEXTS), wire.next[UP]
    pieces, at = [], 0
    while at < len(stream):
        size = dice.randrange(1, 60)
        back = dice.randrange(0, min(at, 20) + 1)  # what a retransmission covers of the one before
        pieces.append(((begin + at - back) % 2**32, stream[at - back : at + size]))
        at += size
    pieces += dice.sample(pieces, 5)
    for place in range(0, len(pieces), 6):  # as far out of order as a network makes it
        dice.shuffle(part := pieces[place : place + 6])
        for sequence, data in part:
            wire.raw(UP, dpkt.tcp.TH_ACK, sequence, data)
    wire.next[UP] = (begin + len(stream)) % 2**32
    wire.say(UP, packet(0xE0)).close()
    expected = [f"→PUBLISH ha/{n}" for n in range(1, 30)]
    assert told(read(tmp_path, wire.out))[3:] == [*expected, "→DISCONNECT", "closed by the node"]


def test_what_is_missing_within_a_message_leaves_the_next_ones_readable(tmp_path):
    wire = opened()
    large = publish("ha/large", b"x" * 3000)
    wire.say(UP, large[:1000])
    wire.next[UP] += 1000  # not in the capture
    wire.say(UP, large[2000:]).say(UP, TEXTS[4]).close()
    assert told(read(tmp_path, wire.out))[3:6] == [
        "1000 bytes are missing from the capture",
        "→PUBLISH ha/large",
        "→PUBLISH ha/5",
    ]


def test_after_bytes_missing_between_messages_reading_goes_on_at_a_segment(tmp_path):
    wire = opened()
    wire.say(UP, TEXTS[2][:-1])  # its last byte and more are not in the capture
    wire.next[UP] += 50
    wire.say(UP, TEXTS[4]).close()
    lines = told(read(tmp_path, wire.out))
    assert lines[3] == "50 bytes are missing from the capture; what follows is read as a new packet"
    assert lines[4] == "→PUBLISH ha/5"


def test_a_capture_that_begins_in_the_middle_says_so(tmp_path):
    lines = read(tmp_path, Wire().say(UP, TEXTS[0]).say(DOWN, packet(0x40, b"\0\1")).out)
    assert told(lines) == ["10.0.0.7:50000 is connected already", "→PUBLISH ha/1", "←PUBACK"]
    assert not any(line.packet and line.packet.faults for line in lines)


def test_a_capture_that_begins_with_the_brokers_word_knows_who_is_who(tmp_path):
    lines = read(tmp_path, Wire().say(DOWN, TEXTS[0]).say(UP, packet(0x40, b"\0\1")).out)
    assert told(lines)[1:] == ["←PUBLISH ha/1", "→PUBACK"]


def test_connections_side_by_side_and_one_after_the_other_are_kept_apart(tmp_path):
    first = opened()
    clock, out = first._clock, first.out
    second = opened(node=("10.0.0.8", 50_000), clock=clock, out=out, isn=(77, 88))
    for n in range(5):
        first.say(UP, TEXTS[n])
        second.say(UP, TEXTS[n + 10])
    first.close(DOWN, dpkt.tcp.TH_RST)
    again = opened(clock=clock, out=out, isn=(900_000, 7)).say(UP, TEXTS[20])  # the same two ports
    lines = read(tmp_path, again.out)
    published = [(line.connection, line.packet.topic) for line in lines if line.packet and line.packet.topic]
    topics = {n: [topic for number, topic in published if number == n] for n in (1, 2, 3)}
    assert topics == {1: [f"ha/{n}" for n in range(1, 6)], 2: [f"ha/{n}" for n in range(11, 16)], 3: ["ha/21"]}
    (end,) = [line for line in lines if line.event.startswith("reset")]
    assert (end.connection, end.event) == (1, "reset by the broker")


def test_mqtt_on_another_port_is_found_by_its_connect_and_other_traffic_is_left_out(tmp_path):
    web = Wire(broker=("10.0.0.2", 80)).open().say(UP, b"GET / HTTP/1.1\r\n\r\n")
    ends = {"broker": ("10.0.0.2", 8888), "node": ("10.0.0.7", 50_001)}
    lines = read(tmp_path, plain(out=web.out, clock=web._clock, **ends).out)
    assert told(lines) == ["10.0.0.7:50001 connects", *PLAIN[1:]]


def test_a_node_that_leaves_without_goodbye_is_told_with_what_follows_from_it(tmp_path):
    lines = read(tmp_path, opened().say(UP, TEXTS[5][:-3]).close().out)
    assert lines[-1].event == (
        "closed by the node, in the middle of a packet (→): no DISCONNECT was sent, so the broker publishes the will"
        " if there is one"
    )


def test_mqtt_5_within_a_connection_is_read_when_told(tmp_path):
    wire = Wire().say(UP, packet(0x30, b"\0\1t\2\1\1x"))
    assert read(tmp_path, wire.out, version=5)[1].packet.payload == b"x"


BAD = {
    "a web page": (b"<!doctype html><html></html>", "is no capture: expected a pcap or pcapng file"),
    "nothing": (b"", "is no capture"),
    "something else": (segments.file(Wire(broker=("10.0.0.2", 80)).open().out), "no MQTT connection in it"),
    "a kind of link nobody knows": (
        segments.file([])[:20] + b"\x69\0\0\0" + segments.file(plain().out)[24:],
        "a link that is not known here (DLT 105)",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_cannot_be_read_is_refused_in_words(tmp_path, name):
    data, words = BAD[name]
    (tmp_path / "file").write_bytes(data)
    with pytest.raises(Failure) as e:
        list(capture.lines(tmp_path / "file", {1883}, 4, 128))
    assert words in str(e.value)


@pytest.mark.parametrize("kind", [dpkt.pcap, dpkt.pcapng], ids=["pcap", "pcapng"])
@pytest.mark.parametrize("cut", [1, 7, 20, 40, 100])
def test_a_capture_cut_off_is_told_up_to_there(tmp_path, cut, kind):
    (tmp_path / "file").write_bytes(segments.file(plain().out, kind=kind)[:-cut])
    lines = []
    with contextlib.suppress(Failure):
        for line in capture.lines(tmp_path / "file", {1883}, 4, 128):
            lines.append(line)
    assert told(lines) in (PLAIN[:4], PLAIN[:5], PLAIN)


def test_packets_cut_short_by_the_capturing_program_are_told_as_missing_bytes(tmp_path):
    wire = opened().say(UP, publish("ha/large", b"x" * 500)).say(UP, TEXTS[4]).close()
    short = [(at, data[:200]) for at, data in dpkt.pcap.Reader(io.BytesIO(segments.file(wire.out)))]
    made = io.BytesIO()
    writer = dpkt.pcap.Writer(made)
    for at, data in short:
        writer.writepkt(data, at)
    (tmp_path / "file").write_bytes(made.getvalue())
    lines = told(capture.lines(tmp_path / "file", {1883}, 4, 128))
    assert lines[3].endswith("bytes are missing from the capture")
    assert lines[4:6] == ["→PUBLISH ha/large", "→PUBLISH ha/5"]


def test_the_command_tells_a_capture_and_sums_it_up(tmp_path, capsys):
    (tmp_path / "node.pcap").write_bytes(segments.file(plain().out))
    assert main(["trace", str(tmp_path / "node.pcap"), "--filter", "ha/+"]) == 0
    out = capsys.readouterr().out
    assert 'id 1  ha/1  "x"' in out and "CONNACK  " not in out
    assert "1 CONNECT, 1 PUBLISH, 1 DISCONNECT" in out and "1 connection, 0 malformed" in out
