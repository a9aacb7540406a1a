# Sessions: kept so long, known or not, with an id that the broker gives.
from leanmqtt import MQTTError
from scene import Ear, made, until

first = Ear("sleeper", "s/#", clean=False, session_expiry=60)
first.client.disconnect()
other = made("other")
other.connect()
other.publish("s/1", "while away", qos=1)
until(lambda: not other.pending, other)

again = made("sleeper", clean=False, session_expiry=60, resume=True)  # another life that knows of the session
heard = []
again.on_message = lambda m: heard.append(m.payload)
again.connect()
assert again.session_present
until(lambda: heard, again)
assert heard == [b"while away"]
again.disconnect()

anew = made("sleeper", clean=False, session_expiry=60)  # one that does not: it begins anew, by itself
anew.connect()
assert not anew.session_present
anew.disconnect(session_expiry=0)  # and is forgotten

nobody = made("", clean=False, session_expiry=60)
nobody.connect()
given = nobody.v5.connack["assigned_client_identifier"]
assert given
nobody.transport.sock.close()
nobody._broken = -30
until(lambda: not nobody.connected, nobody)
until(lambda: nobody.connected, nobody)
assert nobody.session_present, "it comes back under the name that the broker gave"
nobody.disconnect()

try:
    made("asker", auth=("SCRAM-SHA-1", lambda data: b"x")).connect()
except MQTTError as e:
    assert "authentication method" in str(e), e
print("sessions")
