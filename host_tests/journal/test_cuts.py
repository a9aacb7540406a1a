"""The power is cut at every block write to a real LittleFS: nothing promised is lost, little is doubled."""

import pytest

# A scenario, and block writes it is sure to make.
SCENARIOS = {"offline": 40, "again": 50, "twice": 50, "compacted": 300}


@pytest.mark.parametrize("part", [0, 5], ids=["nothing written", "partly written"])
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_no_cut_loses_what_was_promised_or_breaks_the_order(on_board, mp, scenario, part):
    said = on_board(mp, "cuts", scenario, part, 0, 1)
    last = said.splitlines()[-1]  # before it, what MicroPython says of files that a reset left open
    assert last.startswith("cuts ") and int(last[5:]) >= SCENARIOS[scenario], said
