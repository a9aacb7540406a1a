"""`host` as a list: a node of a real cluster is killed under load, the client goes on at another, nothing is lost."""

import pytest
from support import wait_for

from .cluster import Cluster
from .scene import Scene
from .table import AGAIN
from .test_links import FAST, numbers

pytestmark = [pytest.mark.full, pytest.mark.timeout(240), AGAIN]


@pytest.fixture(scope="module")
def cluster():
    made = Cluster()
    try:
        yield made.start()
    finally:
        made.close()


@pytest.fixture(params=["cpython", "mp32"])
def scene(request, cluster, lib_mpy, tmp_path):
    """A Scene whose broker is the third node, which is not killed."""
    made = Scene(cluster.nodes[2], request.param, lib_mpy, tmp_path)
    yield made
    made.close()


def test_a_node_killed_under_load_and_nothing_lost(scene, cluster):
    watch = scene.watcher("~/load", qos=1)
    hosts = [f"127.0.0.1:{node.port}" for node in cluster.nodes[:2]]
    client = scene.actor(
        ["start"], ["connected"], ["say", "ready"], ["load", "~/load", 0, 500, 1, 4], ["drain"], ["disconnect"],
        host=hosts, ack_timeout_ms=20000, **FAST,
    )  # fmt: skip
    client.wait_line("ready")
    watch.wait(100, 60)
    assert not client.starting("drained")
    cluster.nodes[0].kill()
    lines = client.finish(120)
    assert "drained 0" in lines and len(client.starting("connect")) >= 2
    wait_for(lambda: set(watch.payloads()) == set(numbers(500)), "all messages", 90)
    cluster.nodes[0].start()
