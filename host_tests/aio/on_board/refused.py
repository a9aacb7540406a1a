# A broker that refuses the client, or a subscription.
from play import OPTIONS, made, play, refusal, say

ACL = OPTIONS.pop("acl", False)


async def main():
    if not ACL:
        say("connect", await refusal(made("refused", user="me", password="wrong").connect()))
    options = {} if ACL else {"user": "me", "password": "secret"}
    async with made("taken", **options) as client:
        if ACL:
            say("refused", await refusal(client.subscribe("secret/#")))
        else:
            say("granted", await client.subscribe("open/#"))


play(main)
