"""A node lives for a week, with a fault every hour: its heap stays what it was, and every reading is accounted for.

Time goes in steps (`Board(steps=True)`): every deadline of the node has its length in the board's time, and the host
only needs what the work takes. So nothing of the node is scaled, its keep-alive neither: the broker, which counts the
host's seconds, never misses a ping; that a link is dead is for the node to notice, by its own clock.
"""

import time

import pytest
from account import Account
from faults import OTHERS, POWER
from scene import Plan, Site

TURN = len(OTHERS) + len(POWER)
# Three days with power cuts, then four without: 30-bit milliseconds wrap, and whatever leaks has time to.
WEEK = Plan(faults=7 * 24, interval=60, diagnostics=7200, power_until=3 * 24)
# One fault of each kind.
HOURS = Plan(faults=TURN, period=1200, interval=15, diagnostics=1200)


@pytest.fixture
def soaked(mosquitto_factory, free_port, tmp_path, capsys):
    """Lives a plan; tells in a line how it went."""

    def live(plan: Plan, spoil=lambda site: None) -> Account:
        begun = time.monotonic()
        kept = tmp_path / "broker"
        kept.mkdir()
        # Nagle's algorithm would hold acknowledgements back for 40 ms of the host: ten times what the rest takes.
        broker = mosquitto_factory(port=free_port, persistence_dir=kept, packet_log=False, extra="set_tcp_nodelay true")
        with Site(tmp_path, broker, plan) as site:
            spoil(site)
            site.live()
            account = Account(site)
            hours = site.board.now / 3600
        with capsys.disabled():
            print(f"\nsoak: {hours:.0f} hours in {time.monotonic() - begun:.0f} s. {account}")
        return account

    return live


def well(account: Account):
    assert not account.faults, "\n".join([str(account), *account.faults])
    assert {name for name, *_ in account.moments} == {*OTHERS, *POWER}
    assert account.dropped, "the full flash was to cost readings, else their count is not tried"


@pytest.mark.full
@pytest.mark.timeout(400)
def test_three_hours_with_a_fault_of_each_kind_lose_no_reading_that_is_not_counted(soaked):
    well(soaked(HOURS))


@pytest.mark.full
@pytest.mark.timeout(2400)
def test_a_week_with_a_fault_each_hour_leaves_the_heap_as_it_was_and_every_reading_accounted_for(soaked):
    well(soaked(WEEK))


@pytest.mark.full
@pytest.mark.timeout(400)
def test_the_account_misses_a_single_reading_and_sees_a_heap_that_grows(soaked):
    def leaking(site):
        site.ledger.hidden = 5

    account = soaked(Plan(faults=2, period=1200, interval=15, diagnostics=1200), leaking)
    assert account.faults == ["1 readings are missing and 0 are counted as dropped: 5 (read at 75.0 s)"]
    turn = [(name, 900 * n, 100_000) for n, name in enumerate(OTHERS, 1)]
    account.moments = [("power_cut", 60, 99_000), *turn, ("wifi", 8100, 100_000 + 300)]
    assert "300 bytes more" in "".join(account._leaks())
    slowly = [(OTHERS[n % len(OTHERS)], 900 * n, 100_000 + 16 * n) for n in range(1, 4 * len(OTHERS))]
    account.moments = slowly
    assert "bytes more" in "".join(account._leaks())
    once = [(name, at, heap + 1000 * (n > 3)) for n, (name, at, heap) in enumerate(turn)]
    account.moments = [*once, *((name, at + 7200, 101_000) for name, at, _ in once)]
    assert not list(account._leaks())
    account.moments = [("power_cut", 900, 100_000), *turn, ("power_cut", 900, 100_000 + 300), *turn]
    assert not list(account._leaks())
