"""Who stands at the other end: an independent subscriber (paho-mqtt), a cable that can be cut, a process to watch.

What must not live here: leanmqtt.
"""

import contextlib
import select
import socket
import threading

import paho.mqtt.client as paho
from support import wait_for


class Watcher:
    """A paho-mqtt client that writes down everything it receives."""

    def __init__(self, port, *filters, qos=2, client_id="watcher", clean=True, user=None, password=None):
        self.messages = []  # (topic, payload as text, qos, retain)
        self.port, self.filters, self.qos = port, filters, qos
        self.granted = 0
        self.client = self._made(client_id, clean)
        self.client.max_inflight_messages_set(0)
        if user:
            self.client.username_pw_set(user, password)
        self.client.on_message = self._on_message
        self.client.on_subscribe = self._on_subscribe
        self.connect()

    def _made(self, client_id, clean):
        return paho.Client(paho.CallbackAPIVersion.VERSION2, client_id, clean_session=clean, protocol=paho.MQTTv311)

    def _on_message(self, client, data, m):
        self.messages.append((m.topic, m.payload.decode(), m.qos, m.retain))

    def _on_subscribe(self, client, data, mid, codes, properties):
        self.granted += 1

    def connect(self):
        """Connects and subscribes; returns when the broker has granted it."""
        self.granted = 0
        self.client.connect("127.0.0.1", self.port, 60)
        self.client.loop_start()
        wait_for(self.client.is_connected, "the watcher's connection")
        for text in self.filters:
            self.client.subscribe(text, self.qos)
        wait_for(lambda: self.granted >= len(self.filters), "the watcher's subscription")

    def publish(self, topic, payload, qos=0, retain=False):
        self.client.publish(topic, payload, qos, retain).wait_for_publish(10)

    def payloads(self, topic=None):
        return [m[1] for m in self.messages if topic in (None, m[0])]

    def wait(self, count, timeout=30):
        wait_for(lambda: len(self.messages) >= count, f"{count} messages, {len(self.messages)} so far", timeout)
        return self.messages

    def drop(self):
        """Ends its thread and its connection without further ado."""
        self.client.loop_stop()
        with contextlib.suppress(OSError, AttributeError):
            self.client.socket().close()

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()


class Cable:
    """A TCP proxy in front of a broker: it can be cut, unplugged and left half-open."""

    def __init__(self, port):
        self.target = port
        self.plugged = True  # new connections are passed on
        self.dead = []  # connections of which everything is swallowed
        self.pairs = []
        self.fuses = []  # of the next connections: each breaks when it has carried so many bytes
        self.fuse = None
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.running = True
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        while self.running:
            ends = {sock: pair for pair in list(self.pairs) for sock in pair}
            try:
                ready, _, _ = select.select([self.server, *ends], [], [], 0.01)
            except (OSError, ValueError):
                continue  # cut meanwhile
            for sock in ready:
                if sock is self.server:
                    self._accept()
                else:
                    self._pass(sock, ends[sock])

    def _accept(self):
        near, _ = self.server.accept()
        try:
            assert self.plugged
            far = socket.create_connection(("127.0.0.1", self.target), timeout=10)
        except (OSError, AssertionError):
            near.close()
            return
        for sock in (near, far):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.fuse = self.fuses.pop(0) if self.fuses else None
        self.pairs.append((near, far))

    def _pass(self, sock, pair):
        try:
            data = sock.recv(65536)
            if self.fuse is not None:
                self.fuse -= len(data)
                data = data if self.fuse >= 0 else b""
            if data and pair not in self.dead:
                (pair[1] if sock is pair[0] else pair[0]).sendall(self._carry(data, sock is pair[0]))
        except OSError:
            data = b""
        if not data:
            self._end(pair)

    def _carry(self, data, from_client):
        """For a subclass: what of it goes on."""
        return data

    def _end(self, pair):
        if pair in self.pairs:
            self.pairs.remove(pair)
        for sock in pair:
            sock.close()

    def cut(self):
        """Ends every connection now."""
        for pair in list(self.pairs):
            self._end(pair)

    def silence(self):
        """Leaves every connection half-open: it stands, and nothing comes through any more."""
        self.dead.extend(self.pairs)

    def close(self):
        self.running = False
        self.thread.join()
        self.cut()
        self.server.close()


class Process:
    """A process whose lines of output are collected as they come."""

    def __init__(self, popen):
        self.popen = popen
        self.lines = []
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        for line in self.popen.stdout:
            self.lines.append(line.rstrip("\n"))

    def starting(self, word):
        return [line for line in self.lines if line.startswith(word)]

    def wait_line(self, word, count=1, timeout=60):
        """Waits until so many lines begin with this word; returns the last of them."""
        what = f"{count} × {word!r} of the actor"
        wait_for(lambda: len(self.starting(word)) >= count or not self.thread.is_alive(), what, timeout)
        assert len(self.starting(word)) >= count, (what, self.lines)
        return self.starting(word)[count - 1]

    def finish(self, timeout=60):
        """Waits for a good end; returns all lines."""
        code = self.popen.wait(timeout)
        self.thread.join(10)
        assert code == 0 and self.lines[-1:] == ["end"], self.lines
        return self.lines

    def kill(self):
        """SIGKILL: no goodbye."""
        self.popen.kill()
        self.popen.wait()
        self.thread.join(10)
        self.popen.stdout.close()

    close = kill
