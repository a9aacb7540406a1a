"""A day offline, and a client killed again and again while it sends it: real mosquitto, a session it keeps."""

from pathlib import Path

import pytest
from peers import Process
from support import closing, wait_for
from support.anywhere import KINDS, popen

HERE = Path(__file__).parent
DAY = 4320  # a reading every 20 seconds


@pytest.fixture(params=KINDS)
def keeper(request, lib_mpy, tmp_path):
    """Starts a client with this test's journal: keeper(port, first, last, qos, mode); all are killed at the end."""

    def start(port, *rest):
        return Process(popen(request.param, lib_mpy, HERE / "keeper.py", port, tmp_path / "log", *rest))

    yield from closing(start)


@pytest.mark.parametrize("qos", [1, 2])
def test_a_day_offline_arrives_in_order_from_a_client_that_is_killed(keeper, watcher, mosquitto_factory, qos):
    broker = mosquitto_factory(extra="max_queued_messages 0\nmax_inflight_messages 0", packet_log=False)
    watch = watcher(broker.port, "load", qos=2)
    day = keeper(broker.port, 0, DAY, qos, "offline")
    day.wait_line(f"flushed True {DAY}", timeout=60)
    day.kill()
    for level in (300, 900, 2000):
        client = keeper(broker.port, 0, 0, qos, "drain")
        wait_for(lambda level=level: len(watch.messages) >= level, "readings", 60)
        client.kill()
    client = keeper(broker.port, DAY, DAY + 50, qos, "drain")
    lines = client.finish()
    assert lines[-2:] == ["stored 0", "end"]
    wait_for(lambda: len(set(watch.payloads())) == DAY + 50, "all readings", 60)
    got = watch.payloads()
    assert list(dict.fromkeys(got)) == [str(i) for i in range(DAY + 50)], "complete and in order"
    if qos == 2:
        assert len(got) == DAY + 50, "exactly once"
    else:
        assert len(got) <= DAY + 50 + 3 * 2048 // 21, "again at most what the outbox holds, each time"
