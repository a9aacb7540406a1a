"""Every broker, in the order of the page."""

import pytest

from .aedes import Aedes
from .amqtt import Amqtt
from .mosquitto import Mosquitto
from .nats import Nats
from .rabbitmq import RabbitMQ

# The others have races of their own (amqtt most of all): what happens once is theirs, what happens twice is a finding.
AGAIN = pytest.mark.flaky(reruns=1)

BROKERS = (Mosquitto, RabbitMQ, Nats, Aedes, Amqtt)
