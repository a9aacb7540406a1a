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
    VERSION = "0.12"
    LACKS = (
        Lack("qos2_cut", "delivers twice what the client sends again", proofs.qos_2_twice_after_a_cut),
        Lack("lower_qos", "raises QoS 0 to what was subscribed", proofs.raised_to_the_subscribed_qos),
        Lack("resubscribe_retained", "only the first subscription gets them", proofs.retained_only_at_the_first_subscription),
        Lack("will_withheld", "tells the will after a DISCONNECT too", proofs.will_in_spite_of_a_disconnect),
        Lack("clean_forgets", "the old session is back afterwards", proofs.clean_does_not_forget),
        Lack("retain_flag", "all of it is marked as retained", proofs.collected_as_if_retained),
        Lack("resend", "it is lost", proofs.not_sent_again),
        Lack("takeover", "keeps both", proofs.two_of_the_same_id),
        Lack("kept_on_disk", "in memory only", proofs.forgets_at_a_restart),
        Lack("sys_hidden", "shows it to who subscribes to `#`", proofs.sys_shown_to_everybody),
    )

    @classmethod
    def version(cls) -> str:
        return version("amqtt")

    def command(self):
        return [sys.executable, Path(__file__).parent / "programs" / "amqtt_broker.py", self.port, *ACCOUNT]
