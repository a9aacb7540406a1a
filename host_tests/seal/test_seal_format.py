"""The format of sealed payloads, made a second time of the cryptography package: the same bytes, there and back."""

import pytest
from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given, settings
from hypothesis import strategies as st
from leanmqtt import seal

SALT = b"saltsalt"


def hmac(key, data):
    h = HMAC(key, hashes.SHA256())
    h.update(data)
    return h.finalize()


def derived(key, what, n):
    return HKDF(hashes.SHA256(), n, salt=b"leanmqtt seal 1", info=what).derive(key)


def sealed(key, direction, counter, salt, topic, payload):
    """What docs/seal.md describes."""
    head = b"\1" + counter.to_bytes(6, "big") + salt
    iv = hmac(derived(key, direction + b" iv", 32), head[1:])[:16]
    pad = padding.PKCS7(128).padder()
    cipher = Cipher(algorithms.AES(derived(key, direction + b" cipher", 16)), modes.CBC(iv)).encryptor()
    body = cipher.update(pad.update(payload) + pad.finalize()) + cipher.finalize()
    tag = hmac(derived(key, direction + b" tag", 32), head + len(topic).to_bytes(2, "big") + topic + body)
    return head + body + tag[:16]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("seal")


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.binary(min_size=32, max_size=32), st.binary(min_size=1, max_size=90), st.binary(max_size=90))
def test_the_bytes_are_those_of_the_cryptography_package(folder, key, topic, payload):
    for file in folder.iterdir():
        file.unlink()
    node = seal.Sealer(key, str(folder / "state"), urandom=lambda n: SALT)
    assert node.seal(topic, payload) == sealed(key, b"up", 1, SALT, topic, payload)
    assert node.open(topic, sealed(key, b"down", 7, SALT, topic, payload)) == payload


@settings(max_examples=100, deadline=None, derandomize=True)
@given(key=st.binary(max_size=64), data=st.binary(max_size=200))
def test_hmac_is_that_of_the_cryptography_package(key, data):
    assert seal.hmac(key, data) == hmac(key, data)


def test_the_bytes_of_micropython_are_the_same(mp, lib_mpy, tmp_path):
    key = bytes(range(32))
    code = f"""
from leanmqtt.seal import Sealer
s = Sealer({key!r}, {str(tmp_path / "state")!r}, urandom=lambda n: {SALT!r})
for i in range(40):
    print(s.seal("ha/\\xe9", b"x" * i).hex())
print(s.open("in", {sealed(key, b"down", 9, SALT, b"in", b"on")!r}))
"""
    done = mp.run(code, path=[lib_mpy])
    assert done.returncode == 0, done.stderr
    lines = done.stdout.split("\n")
    assert lines[:40] == [sealed(key, b"up", i + 1, SALT, "ha/é".encode(), b"x" * i).hex() for i in range(40)]
    assert lines[40] == "b'on'"


@pytest.mark.parametrize("left", range(41))
def test_a_file_cut_off_at_any_byte_leaves_the_other(tmp_path, left):
    """What a power cut makes of the file under way on a file system that writes in place (FAT)."""
    path = str(tmp_path / "state")
    key = bytes(32)
    pc = seal.Sealer(key, str(tmp_path / "pc"), node=False)
    node = seal.Sealer(key, path, block=4)
    first = pc.seal("a", b"1")
    node.open("a", first)
    counters = [node.seal("a", b"")[1:7] for _ in range(4)]
    slot = tmp_path / f"state.{1 - node._slot}"  # the one a further write would be made to
    slot.write_bytes(bytes(40)[:left])
    node = seal.Sealer(key, path, block=4)
    with pytest.raises(seal.SealError, match="replay"):
        node.open("a", first)
    assert node.seal("a", b"")[1:7] > counters[-1]
