"""Every broker, in the order of the page."""

from .aedes import Aedes
from .amqtt import Amqtt
from .mosquitto import Mosquitto
from .nats import Nats
from .rabbitmq import RabbitMQ

BROKERS = (Mosquitto, RabbitMQ, Nats, Aedes, Amqtt)
