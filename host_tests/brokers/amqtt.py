"""amqtt, from PyPI, in a Python of its own."""

import sys
from importlib.metadata import version
from pathlib import Path

from . import proofs
from .base import ACCOUNT, Broker
from .features import Lack


class Amqtt(Broker):
    """Started by programs/amqtt_broker.py."""

    name, package = "amqtt", "PyPI"
    FRESH = True  # subscribers get what is retained elsewhere, of other tests
    VERSION = "0.12"
    LACKS = (
        Lack(
            "qos2_cut",
            "leaves a PUBREL that is sent again without an answer: the message never ends",
            proofs.pubrel_unanswered_after_a_cut,
        ),
        Lack("lower_qos", "raises QoS 0 to what was subscribed", proofs.raised_to_the_subscribed_qos),
        Lack("retain_flag", "all of it is marked as retained", proofs.collected_as_if_retained),
        Lack("resend", "it is lost", proofs.not_sent_again),
        Lack("takeover", "keeps both", proofs.two_of_the_same_id),
        Lack("kept_on_disk", "in memory only", proofs.forgets_at_a_restart),
        Lack("sys_hidden", "shows it to who subscribes to `#`", proofs.sys_shown_to_everybody),
        Lack(
            "retained_alone",
            "whoever connects gets all that is retained for anybody, at QoS 0",
            proofs.retained_for_the_subscriptions_of_others,
        ),
        Lack("mqtt5", "waits without an answer", proofs.silent_at_version_5),
    )

    @classmethod
    def version(cls) -> str:
        return version("amqtt")

    def command(self):
        program = Path(__file__).parent / "programs" / "amqtt_broker.py"
        return [sys.executable, program, self.port, self.web_port, *ACCOUNT]
