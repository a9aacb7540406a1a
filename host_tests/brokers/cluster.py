"""Three NATS servers on one machine that keep every message three times."""

from support import free_port, wait_for

from .nats import Nats


class Node(Nats):
    """One of the three; number: from 1 on. routes: the ports by which the servers talk to each other, its own too."""

    def __init__(self, number, routes):
        super().__init__()
        self.number, self.routes = number, routes

    def choose_ports(self):
        """The others know them."""

    def configuration(self) -> dict:
        made = super().configuration()
        routes = [f"nats-route://127.0.0.1:{port}" for port in self.routes]
        own = f"127.0.0.1:{self.routes[self.number - 1]}"
        made["server_name"] = f"node{self.number}"
        made["cluster"] = {"name": "three", "listen": own, "routes": routes}
        made["mqtt"]["stream_replicas"] = 3
        return made


class Cluster:
    """nodes: the three, running, and agreed on who leads."""

    def __init__(self):
        routes = [free_port() for _ in range(3)]
        self.nodes = [Node(number, routes) for number in (1, 2, 3)]

    def start(self) -> "Cluster":
        for node in self.nodes:
            node.start()
        leads = "JetStream cluster new metadata leader"
        wait_for(lambda: any(leads in node.log_text() for node in self.nodes), "the cluster to agree", 60)
        return self

    def close(self):
        for node in self.nodes:
            node.close()
