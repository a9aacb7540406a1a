# A broker of MQTT 5 that refuses to end a subscription: who waits for the end is told.
from play import made, play, refusal, say


async def main():
    async with made("stays", version=5) as client:
        say("granted", await client.subscribe("a/+"))
        say("refused", await refusal(client.unsubscribe("a/+")))
        say("shared", await client.subscribe("$share/g/a"))
        say("refused", await refusal(client.unsubscribe("$share/g/a")))


play(main)
