# Requests and their answers, and one that nobody answers.
from leanmqtt.request import Requests, reply
from scene import made, until

server = made("server")
server.subscribe("double/+", 1, lambda m: reply(server, m, str(2 * m.payload_int())))
server.connect()
client = made("asker")
requests = Requests(client, "asker/answers")
client.connect()
until(
    lambda: not (client._session.inbox.todo | client._session.inbox.asked | server._session.inbox.asked), client, server
)
answers = []
for i in range(5):
    requests.ask("double/x", str(i), lambda m: answers.append(int(m.payload)))
late = []
requests.ask("nobody/there", "?", late.append, timeout_ms=400)
cancelled = requests.ask("double/x", "7", lambda m: answers.append("cancelled"))
requests.cancel(cancelled)
until(lambda: len(answers) == 5 and late, client, server)
assert sorted(answers) == [0, 2, 4, 6, 8] and late == [None] and not requests.waiting
assert not reply(server, type("Plain", (), {"properties": {}})(), "x")
print("requests")
