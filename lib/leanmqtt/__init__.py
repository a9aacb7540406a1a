# leanmqtt: an MQTT client for MicroPython and CPython that allocates nothing once connected.
# The public names; what they promise stands in client.py. Nothing else belongs here.
from .client import Client
from .values import MQTTError, OutboxFull, Will
