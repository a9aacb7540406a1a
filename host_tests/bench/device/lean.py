# leanmqtt, with nothing but defaults.
from leanmqtt import Client
from message import PAYLOAD, TOPIC


class Subject:
    def __init__(self, host, port):
        self.client = Client("lean", host, port)
        self.client.connect()
        self.received = 0

    def drain(self, left):
        client = self.client
        while client.pending > left:
            client.poll(0)
        if client.dropped:
            raise SystemExit("messages were dropped")

    def publish0(self, n):
        # The outbox has room for more than 16 of them, so nothing is dropped however slow the other side is.
        publish = self.client.publish
        while n > 0:
            for _ in range(16):
                publish(TOPIC, PAYLOAD, 0)
            self.drain(0)
            n -= 16

    def publish1(self, n):
        client = self.client
        while n:
            client.publish(TOPIC, PAYLOAD, 1)
            while client.pending:
                client.poll(0)
            n -= 1

    def window1(self, n):
        client = self.client
        while n:
            client.publish(TOPIC, PAYLOAD, 1)
            while client.pending >= 8:
                client.poll(0)
            n -= 1

    def subscribe(self, topic_filter):
        self.client.subscribe(topic_filter, 0, self.take)

    def take(self, message):
        self.received += 1

    def receive0(self, n):
        poll = self.client.poll
        n += self.received
        while self.received < n:
            poll(0)

    def close(self):
        self.client.sock.close()
