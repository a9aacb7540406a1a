# umqtt.simple, as its own documentation uses it.
from message import PAYLOAD, TOPIC
from umqtt.simple import MQTTClient


class Subject:
    def __init__(self, host, port):
        self.client = MQTTClient(b"simple", host, port, keepalive=60)
        self.client.set_callback(self.take)
        self.client.connect()

    def take(self, topic, payload):
        pass

    def publish0(self, n):
        publish = self.client.publish
        while n:
            publish(TOPIC, PAYLOAD)
            n -= 1

    def publish1(self, n):
        publish = self.client.publish
        while n:
            publish(TOPIC, PAYLOAD, False, 1)  # returns after the acknowledgement
            n -= 1

    def subscribe(self, topic_filter):
        self.client.subscribe(topic_filter)

    def receive0(self, n):
        wait = self.client.wait_msg
        while n:
            wait()
            n -= 1

    def close(self):
        self.client.sock.close()
