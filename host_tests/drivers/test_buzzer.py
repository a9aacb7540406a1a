"""A buzzer: what it plays, for how long, and what it says of it."""

import json

import pytest
from drivers import buzzer
from hypothesis import given
from hypothesis import strategies as st
from pins import Pwm
from test_movers import WRAP, Bench


@pytest.fixture
def siren(monkeypatch):
    return lambda **options: Bench(monkeypatch, buzzer, [Pwm()], **options)


def sounds(made) -> bool:
    return made.pins[0].duties[-1] > 0


def test_notes_are_those_of_equal_temperament():
    assert buzzer.notes("a4:100 -:50 c5:3000 a#4:1 bb4:1 g8:20 c2:1") == [
        440, 100, 0, 50, 523, 3000, 466, 1, 466, 1, 6272, 20, 65, 1,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "note", ["c5", "c5:", "c5:0", "c5:3001", "h5:1", "c9:1", "c1:1", "cx5:1", "c:1", ":5", "c#b5:1"]
)
def test_what_is_no_note_is_named(note):
    with pytest.raises(ValueError, match="melody: ") as caught:
        buzzer.driver(Pwm(), melody="c5:200 " + note)
    assert f'"{note}"' in str(caught.value)


@pytest.mark.parametrize("tone", ["alarm", "siren"])
def test_an_alarm_goes_on_until_it_is_told_to_stop(siren, tone):
    made = siren(tone=tone)
    assert (made.state, sounds(made)) == ({"state": "OFF", "tone": tone}, False)
    made.set(b"ON").pass_ms(3_600_000)
    assert made.state == {"state": "ON", "tone": tone}
    assert len(made.pins[0].hertz) > 1000
    made.set(b"OFF")
    assert (made.state["state"], sounds(made)) == ("OFF", False)
    before = len(made.pins[0].duties)
    made.pass_ms(100_000)
    assert len(made.pins[0].duties) == before


@pytest.mark.parametrize("start", [0, WRAP - 300])
def test_a_melody_is_played_once_note_by_note(siren, start):
    made = siren(melody="c5:200 -:100 g5:400", start=start).set({"state": "ON", "tone": "melody"})
    assert made.pins[0].hertz == [523]
    made.pass_ms(199)
    assert (made.pins[0].hertz, sounds(made)) == ([523], True)
    made.pass_ms(2)
    assert not sounds(made)
    made.pass_ms(100)
    assert (made.pins[0].hertz, sounds(made)) == ([523, 784], True)
    made.pass_ms(400)
    assert (made.state, sounds(made)) == ({"state": "OFF", "tone": "melody"}, False)


@pytest.mark.parametrize("tone", ["beep", "siren", "melody"])
def test_a_duration_is_how_long_any_tone_is_played(siren, tone):
    made = siren().set({"state": "ON", "tone": tone, "duration": 10})
    assert made.pass_ms(9_999).state["state"] == "ON"
    assert made.pass_ms(2).state["state"] == "OFF"
    assert not sounds(made)


def test_volume_is_that_of_the_command_and_otherwise_the_usual_one(siren):
    made = siren(volume=60).set({"state": "ON", "volume_level": 0.25})
    assert made.pins[0].duties[-1] / 65535 == pytest.approx(0.125, abs=0.001)
    made.set(b"ON")
    assert made.pins[0].duties[-1] / 65535 == pytest.approx(0.3, abs=0.001)


@pytest.mark.parametrize(
    "command",
    [b"", b"on", b"{}", {"state": "on"}, {"tone": "alarm"}, {"state": "ON", "tone": "x"}, {"state": "ON", "tone": 1},
     {"state": "ON", "duration": -1}, {"state": "ON", "volume_level": 1.1}, b'{"state":"ON"'],
)  # fmt: skip
def test_a_bad_command_changes_nothing(siren, command):
    made = siren().set({"state": "ON", "tone": "siren"}).pass_ms(1000)
    before = list(made.pins[0].duties)
    with pytest.raises(ValueError, match=r"expected|where|without"):
        made.set(command)
    assert (made.pins[0].duties, made.state) == (before, {"state": "ON", "tone": "siren"})


TONE = st.sampled_from(["alarm", "siren", "beep", "chime", "melody"])


@given(st.lists(st.tuples(TONE, st.integers(0, 5000)), max_size=9))
def test_it_is_never_louder_than_half_of_the_time_nor_heard_when_off(commands):
    with pytest.MonkeyPatch.context() as patch:
        made = Bench(patch, buzzer, [Pwm()])
        for tone, ms in commands:
            made.set(json.dumps({"state": "ON", "tone": tone}).encode()).pass_ms(ms)
            assert sounds(made) <= (made.state["state"] == "ON")
        assert max(made.pins[0].duties) <= 32767
