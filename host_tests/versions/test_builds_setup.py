"""The set-up of the WebAssembly builds: it takes a Node.js that will do, and an error says what to do."""

import shutil

import pytest
from girouette.errors import ToolMissing
from support import nodejs, wasm


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """No build is installed yet, and what is goes here; Node.js is there."""
    wasm.setup()
    monkeypatch.setattr(wasm, "_FOLDER", tmp_path / "wasm")
    monkeypatch.setattr(wasm, "TOOLS", tmp_path)
    return tmp_path


@pytest.fixture
def bare(elsewhere, monkeypatch):
    """No Node.js either: neither below .tools nor on the PATH, which is this folder."""
    monkeypatch.setattr(nodejs, "_FOLDER", elsewhere / "nodejs")
    monkeypatch.setenv("PATH", str(elsewhere))
    nodejs.nodejs.cache_clear()
    yield elsewhere
    nodejs.nodejs.cache_clear()


def program(path, says):
    path.write_text(f"#!/bin/sh\necho {says}\n")
    path.chmod(0o755)


@pytest.mark.parametrize(("version", "taken"), [("v16.20.2", False), ("v18.0.0", True), ("nonsense", False)])
def test_a_node_of_the_machine_is_taken_if_it_is_new_enough(bare, version, taken):
    program(bare / "node", version)
    program(bare / "npm", "9.0.0")
    assert (nodejs._of_the_machine() is not None) == taken


def test_a_node_without_npm_is_not_enough(bare):
    program(bare / "node", "v20.0.0")
    assert nodejs._of_the_machine() is None


def test_without_node_and_network_the_error_names_the_cure(bare, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    with pytest.raises(ToolMissing, match="Node.js 18 or newer with npm is missing(.|\n)*apt-get install nodejs npm"):
        wasm.setup()
    assert not (bare / "nodejs").exists()


def test_builds_that_cannot_be_fetched_are_told_and_leave_nothing_half_done(elsewhere, monkeypatch):
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    monkeypatch.setenv("npm_config_cache", str(elsewhere / "cache"))
    with pytest.raises(ToolMissing, match="could not be fetched from npm(.|\n)*Is the network up"):
        wasm.setup()
    assert not wasm._installed()


def test_builds_of_another_list_are_fetched_again(elsewhere):
    shutil.copytree(wasm.LISTED, elsewhere / "wasm")
    assert wasm._installed()
    (elsewhere / "wasm" / "package-lock.json").write_text("{}")
    assert not wasm._installed()
