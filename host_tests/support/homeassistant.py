"""A Home Assistant of the test's own: on a free port, connected to the test's broker, asked over its WebSocket API.

Knows what Home Assistant keeps in its folder and how it is talked to; nothing of Girouette. Installing it is the
business of homeassistant_setup.py.
"""

import base64
import hashlib
import hmac
import itertools
import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

from websockets.sync.client import connect

from . import free_port, wait_for
from .homeassistant_setup import python

BASE = "statestream"  # below it, Home Assistant tells every state and attribute: <base>/sensor/porch/state

_CONFIGURATION = """\
homeassistant:
  name: Test
  unit_system: metric
  time_zone: UTC
  country: FR
http:
  server_host: 127.0.0.1
  server_port: {port}
mqtt_statestream:
  base_topic: {base}
  publish_attributes: true
logger:
  default: warning
  logs:
    homeassistant.components.mqtt: info
"""

_SINCE = "2026-01-01T00:00:00+00:00"
_KEY = "the key of a Home Assistant that lives for one test and listens on 127.0.0.1"
_OWNER, _TOKEN = "0" * 31 + "1", "0" * 31 + "2"  # ids, in its form


def _entry(broker) -> dict:
    """The MQTT integration, as its dialog would have written it."""
    return {
        "entry_id": "0" * 31 + "3",
        "domain": "mqtt",
        "title": broker.host,
        "version": 1,
        "minor_version": 2,
        "data": {"broker": broker.host, "port": broker.port, "protocol": "5"},
        "options": {"discovery": True, "discovery_prefix": "homeassistant"},
        "source": "user",
        "unique_id": None,
        "disabled_by": None,
        "discovery_keys": {},
        "subentries": [],
        "pref_disable_new_entities": False,
        "pref_disable_polling": False,
        "created_at": _SINCE,
        "modified_at": _SINCE,
    }


def _owner() -> dict:
    """One user, who may everything, and a long-lived token of theirs."""
    return {
        "users": [
            {
                "id": _OWNER,
                "name": "owner",
                "group_ids": ["system-admin"],
                "is_owner": True,
                "is_active": True,
                "system_generated": False,
                "local_only": True,
            }
        ],
        "groups": [],
        "credentials": [],
        "refresh_tokens": [
            {
                "id": _TOKEN,
                "user_id": _OWNER,
                "client_id": None,
                "client_name": "tests",
                "token_type": "long_lived_access_token",
                "created_at": _SINCE,
                "access_token_expiration": 315360000.0,
                "token": _TOKEN,
                "jwt_key": _KEY,
            }
        ],
    }


def _access_token() -> str:
    """What Home Assistant would have shown once for the token of `_owner()`: a JWT (RFC 7519), HS256."""

    def part(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    now = int(time.time())
    claims = {"iss": _TOKEN, "iat": now, "exp": now + 86_400}
    text = ".".join(part(json.dumps(value).encode()) for value in ({"alg": "HS256", "typ": "JWT"}, claims))
    return text + "." + part(hmac.digest(_KEY.encode(), text.encode(), hashlib.sha256))


class Entity(NamedTuple):
    """What Home Assistant has made of one component of a discovery message. state: None where it has none."""

    id: str
    category: str | None
    state: str | None
    attributes: dict

    @property
    def measures(self) -> tuple:
        """(device class, unit, state class) of a sensor."""
        return tuple(self.attributes.get(key) for key in ("device_class", "unit_of_measurement", "state_class"))


class HomeAssistant:
    """A Home Assistant connected to `broker`, which keeps what it has learned in `folder` across restarts."""

    def __init__(self, broker, folder):
        self.folder = Path(folder)
        self.port = free_port()
        self._python = python()
        self._log = self.folder / "log"
        self._process = self._socket = None
        self._ids = itertools.count(1)
        (self.folder / ".storage").mkdir(parents=True)
        (self.folder / "configuration.yaml").write_text(_CONFIGURATION.format(port=self.port, base=BASE))
        self._store("core.config_entries", {"entries": [_entry(broker)]}, version=1, minor_version=5)
        self._store("onboarding", {"done": ["user", "core_config", "analytics", "integration"]}, version=4)
        self._store("auth", _owner(), version=1)

    def _store(self, key: str, data: dict, version: int, minor_version: int = 1):
        text = json.dumps({"key": key, "version": version, "minor_version": minor_version, "data": data})
        (self.folder / ".storage" / key).write_text(text)

    # Its life

    def start(self, timeout: float = 180) -> "HomeAssistant":
        """Start it and wait until all its integrations run and its birth message is sent."""
        self._begun = self._log.stat().st_size if self._log.exists() else 0
        # Nothing is installed while it starts: setup has done that. Its own log file would be a second copy.
        command = [self._python, "-m", "homeassistant", "--config", self.folder, "--skip-pip", "--log-no-color"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                list(map(str, command)),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={key: value for key, value in os.environ.items() if not key.startswith("PYTHON")},
            )
        self._wait(lambda: "birth message sent" in self.log_text(), "to connect to the broker", timeout)
        self._wait(lambda: self._connected() and self.ask("get_config")["state"] == "RUNNING", "to run", timeout)
        return self

    def _wait(self, condition, what: str, timeout: float):
        try:
            wait_for(lambda: self._process.poll() is not None or condition(), "", timeout, step=0.1)
        except AssertionError:
            raise AssertionError(f"Home Assistant needs over {timeout} s {what}:\n{self._tail()}") from None
        if self._process.poll() is not None:
            raise AssertionError(f"Home Assistant ended with {self._process.returncode}:\n{self._tail()}")

    def log_text(self) -> str:
        """What it has logged since its last start."""
        return self._log.read_bytes()[self._begun :].decode(errors="replace")

    def _tail(self) -> str:
        return "\n".join(self.log_text().splitlines()[-40:])

    def stop(self):
        """Ask it to end (it saves what it has learned) and wait for it."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                raise AssertionError(f"Home Assistant does not end:\n{self._tail()}") from None
            finally:
                self._process.kill()
                self._process.wait()
                self._process = None

    def restart(self):
        """Stop it and start it again, with what it has kept."""
        self.stop()
        self.start()

    def close(self):
        """Stop it; the folder belongs to the caller."""
        self.stop()

    # Questions and orders

    def _connected(self) -> bool:
        """Whether the WebSocket is open and Home Assistant has accepted the token."""
        if self._socket is not None:
            return True
        try:
            socket = connect(f"ws://127.0.0.1:{self.port}/api/websocket", max_size=None)
        except OSError:
            return False
        socket.recv(timeout=30)
        socket.send(json.dumps({"type": "auth", "access_token": _access_token()}))
        answer = json.loads(socket.recv(timeout=30))
        if answer["type"] != "auth_ok":
            raise AssertionError(f"Home Assistant refuses the token: {answer}\n{self._tail()}")
        self._socket = socket
        return True

    def ask(self, kind: str, **fields):
        """Send one command of the WebSocket API; its result."""
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "type": kind, **fields}))
        answer = json.loads(self._socket.recv(timeout=30))
        assert answer["id"] == number, answer
        assert answer["success"], f"Home Assistant refuses {kind} {fields}: {answer['error']}"
        return answer["result"]

    def device(self, identifier: str) -> dict | None:
        """The device with that MQTT identifier, as the registry has it; None: it does not know it."""
        for device in self.ask("config/device_registry/list"):
            if ["mqtt", identifier] in device["identifiers"]:
                return device
        return None

    def entities(self, identifier: str) -> dict[str, Entity]:
        """The entities of that device by their unique ids."""
        device = self.device(identifier)
        states = {state["entity_id"]: state for state in self.ask("get_states")}
        found = {}
        for entry in self.ask("config/entity_registry/list"):
            if device and entry["device_id"] == device["id"]:
                state = states.get(entry["entity_id"], {})
                found[entry["unique_id"]] = Entity(
                    entry["entity_id"], entry["entity_category"], state.get("state"), state.get("attributes", {})
                )
        return found

    def wait_for(self, identifier: str, expected: dict[str, str], timeout: float = 30) -> dict[str, Entity]:
        """Until these entities (by unique id) of the device have these states; all entities of the device."""
        seen = {}

        def reached() -> bool:
            seen.clear()
            seen.update(self.entities(identifier))
            return all(name in seen and seen[name].state == state for name, state in expected.items())

        try:
            wait_for(reached, "", timeout, step=0.1)
        except AssertionError:
            states = {name: entity.state for name, entity in seen.items()}
            raise AssertionError(
                f"after {timeout} s Home Assistant has {states}, not {expected}; it logged:\n{self._tail()}"
            ) from None
        return seen

    def call(self, service: str, entity_id: str, **data):
        """Do as a tap in its user interface does: `call("light.turn_on", "light.porch", brightness=128)`."""
        domain, _, name = service.partition(".")
        self.ask("call_service", domain=domain, service=name, target={"entity_id": entity_id}, service_data=data)

    def complaints(self, about: str) -> list[str]:
        """Warnings and errors it has logged since its last start that name `about`."""
        lines = self.log_text().splitlines()
        return [line for line in lines if (" WARNING " in line or " ERROR " in line) and about in line]
