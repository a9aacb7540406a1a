"""Every way in which a file is not JSON, each in its plain words with line and column; what Python's own reader takes
is taken."""

import json

import pytest
from girouette.check.source import Source
from hypothesis import given
from hypothesis import strategies as st

BROKEN = [
    ("", "1:1", "an empty file"),
    ('{"a": 1, "a": 2}', "1:10", '"a" a second time'),
    ('{"a": 1,}', "1:8", "one too many"),
    ("[1, 2,]", "1:6", "one too many"),
    ("[,1]", "1:2", "one before anything else"),
    ('{"a": NaN}', "1:7", "NaN"),
    ('{"a": -Infinity}', "1:7", "Infinity"),
    ('{"a": 1 // one\n}', "1:9", "a comment"),
    ('{\n # one\n"a": 1}', "2:2", "a comment"),
    ('{"a": /* one */ 1}', "1:7", "a comment"),
    ("{'a': 1}", "1:2", "text between '"),
    ("{a: 1}", "1:2", "a without"),
    ('{"a": yes}', "1:7", "a word without quotes"),
    ('{"a": True}', "1:7", "True"),
    ('{"a": 0x76}', "1:7", "another"),
    ('{"a": 012}', "1:7", "another"),
    ('{"a": .5}', "1:7", "another"),
    ('{"a" 1}', "1:6", "'1'"),
    ('{"a" = 1}', "1:6", "'='"),
    ('{"a": }', "1:7", "'}'"),
    ('{"a": 1 "b": 2}', "1:9", "none"),
    ("[1 2]", "1:4", "none"),
    ('{"a": 1', "1:8", "the end of the file"),
    ('{"a": [1}', "1:9", "'}'"),
    ('{"a": "x\n"}', "1:7", "the end of the line"),
    ('{"a": "\\x"}', "1:7", "another"),
    ('{"a": 1}}', "1:9", "'}' behind the last brace"),
    ('\ufeff{"a": 1}', "1:1", "byte order mark"),
    ("[" * 50, "1:34", "more"),
]


@pytest.mark.parametrize(("text", "place", "found"), BROKEN, ids=[text[:16].strip() or "empty" for text, *_ in BROKEN])
def test_what_is_no_json_is_told_with_line_and_column(text, place, found):
    fault = Source("config.json", text).faults[0]
    assert f"{fault.line}:{fault.column}" == place
    assert found in fault.found


def test_all_faults_of_a_file_are_told_at_once():
    text = "{\n  // names\n  'name': 'roof',\n  \"watchdog\": 08,\n  \"watchdog\": NaN,\n}"
    faults = Source("config.json", text).faults
    assert [fault.line for fault in faults] == [2, 3, 3, 4, 5, 5, 5]


def test_what_follows_a_fault_is_read_as_it_is_meant():
    source = Source("config.json", '{\n\'a\': [1, 2,], # x\n b: "c" "d": True,}')
    assert source.root.plain()["a"] == [1, 2]
    assert source.root.plain()["b"] == "c"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(VALUES, st.sampled_from([None, 1, 2]), st.booleans())
def test_what_python_writes_is_read_without_a_fault(value, indent, ascii_only):
    source = Source("config.json", json.dumps(value, indent=indent, ensure_ascii=ascii_only))
    assert source.faults == []
    assert source.root.plain() == value


@given(st.text(alphabet='{}[]",:1e.-\\ax \n#', max_size=30))
def test_the_reader_and_pythons_own_agree_on_what_is_json(text):
    try:
        value = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        assert Source("config.json", text).faults
    else:
        source = Source("config.json", text)
        assert (source.faults, source.root.plain()) == ([], value)


def _once(pairs):
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a key twice")
    return dict(pairs)
