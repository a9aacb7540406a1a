# A client of another class, the journal's: what was not acknowledged in one life is delivered in the next.
from leanmqtt import journal
from play import OPTIONS, begun, cancelled, made, play, say

PATH = OPTIONS.pop("path")


async def main():
    options = {"kind": journal.Client, "clean": False, "journal": journal.Journal(PATH)}
    async with made("journalled", host="127.0.0.1:%d" % OPTIONS.pop("nobody"), connect_ms=0, goodbye_ms=0,
                    **options) as client:  # fmt: skip
        task = await begun(client.publish("j", "of a life before", 1))
        say("cancelled", await cancelled(task))
    say("stored", client.stored, client.pending)
    client.journal.log.close()  # as a reset does
    options["journal"] = journal.Journal(PATH)
    async with made("journalled", **options) as client:
        say("waits", client.pending, await client.publish("j", "of this one", 1) > 0)
    say("left", client.pending)
    client.journal.log.close()


play(main)
