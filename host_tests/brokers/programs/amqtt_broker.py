"""amqtt on two ports of 127.0.0.1: PORT WEB_PORT USER PASSWORD, until a signal. Whoever names no user is let in."""

import asyncio
import logging
import sys

from amqtt.broker import Broker
from amqtt.contexts import BaseContext
from amqtt.plugins.base import BaseAuthPlugin


class OneAccount(BaseAuthPlugin):
    """amqtt's own plugins either let everybody in or ask everybody for a password."""

    def __init__(self, context: BaseContext):
        super().__init__(context)

    async def authenticate(self, *, session):
        return session.username is None or [session.username, session.password] == sys.argv[3:5]


async def main(port, web_port):
    sys.modules["amqtt_broker"] = sys.modules["__main__"]
    broker = Broker({
        "listeners": {
            "default": {"type": "tcp", "bind": f"127.0.0.1:{port}"},
            "web": {"type": "ws", "bind": f"127.0.0.1:{web_port}"},
        },
        "plugins": {"amqtt_broker.OneAccount": {}, "amqtt.plugins.sys.broker.BrokerSysPlugin": {"sys_interval": 1}},
    })  # fmt: skip
    await broker.start()
    await asyncio.Event().wait()


logging.basicConfig(level=logging.WARNING)
asyncio.run(main(*sys.argv[1:3]))
