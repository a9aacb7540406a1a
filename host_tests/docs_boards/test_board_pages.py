"""From the box to the first reading, as the pages say it: their commands, in their order, on the models."""

import pages
import pytest
from walk import Walk


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    ("name", "options"),
    [
        pytest.param("esp32", {}, marks=pytest.mark.full),
        pytest.param("pico", {}, marks=pytest.mark.full),
        pytest.param("pico", {"had_a_node": True}, id="pico-quick", marks=pytest.mark.full),
        pytest.param("stm32", {}, marks=pytest.mark.full),
    ],
)
def test_who_types_what_the_page_says_sees_the_first_reading(name, options, desk, broker):
    here = desk(name, **options)
    walk = Walk(here, here.home, broker.port)
    try:
        for command in pages.path(name):
            walk.run(command)
        walk.end()
    finally:
        walk.close()
    steps = [line for line in walk.ran if line.startswith(("girouette", "mosquitto_sub"))]
    assert {line.split(" -")[0].split()[0:2][-1] for line in steps} >= {"doctor", "flash", "new", "deploy", "monitor"}
    assert any(line.startswith("mosquitto_sub") for line in steps)
