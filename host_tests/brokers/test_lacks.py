"""What a broker is said to lack it lacks, and what the page says of all of them is that."""

import pytest
from girouette.paths import ROOT

from . import page, test_links, test_messages, test_over_websocket, test_sessions, test_version5
from .features import FEATURES, PART_OF
from .mosquitto import Mosquitto
from .table import AGAIN, BROKERS

TESTS = [
    test for module in (test_links, test_messages, test_over_websocket, test_sessions, test_version5)
    for name, test in vars(module).items() if name.startswith("test_") and hasattr(test, "needs")
]  # fmt: skip


def _lacks():
    for broker in BROKERS:
        for lack in broker.LACKS:
            marks = () if broker is Mosquitto else (pytest.mark.full, AGAIN)
            yield pytest.param((broker, "cpython"), lack, id=f"{broker.name}-{lack.feature}", marks=marks)


@pytest.mark.parametrize(("scene", "lack"), list(_lacks()), indirect=["scene"])
def test_the_broker_lacks_it(scene, lack):
    try:
        lack.proof(scene)
    except AssertionError as e:
        name = type(scene.broker).__name__
        raise AssertionError(
            f"{name} {scene.broker.version()} may have learnt this: {FEATURES[lack.feature]}. Take {lack.feature!r} "
            "out of its LACKS and see whether the tests that need it pass; then: python -m brokers.page --update"
        ) from e


@pytest.mark.parametrize("feature", FEATURES)
def test_each_feature_is_wanted_by_a_test(feature):
    assert [test for test in TESTS if feature in test.needs]


def test_each_lack_and_each_part_is_a_feature():
    assert {lack.feature for broker in BROKERS for lack in broker.LACKS} <= set(FEATURES)
    assert {*PART_OF, *PART_OF.values()} <= set(FEATURES)


@pytest.mark.full
@pytest.mark.parametrize("broker", [broker for broker in BROKERS if broker is not Mosquitto], ids=lambda b: b.name)
def test_the_version_is_that_of_the_page(broker):
    assert broker.version().startswith(broker.VERSION + ".")


def test_the_page_is_current():
    text = (ROOT / "docs" / "brokers.md").read_text()
    assert page.current(text) == text, "PYTHONPATH=host_tests python -m brokers.page --update"
    assert all(f"| {words} |" in text for words in FEATURES.values())
