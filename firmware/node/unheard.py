"""What becomes of the events that no broker could be told of; see events.py. Loaded for the moment it takes."""

from . import lazy


def lost(teller, event):
    """There is no broker now."""
    teller.log.info(teller.name, "%s: there is no broker to tell it to, and it does not wait" % str(event, "utf-8"))


def withdraw(teller):
    """There is a connection again, and nothing has been written to it but its birth."""
    module = __import__("leanmqtt.withdraw", None, None, ("topic",))
    lazy.drop("leanmqtt.withdraw")
    n = module.topic(teller.client, teller.topic)
    if n:
        told = "an event" if n == 1 else "%d events" % n
        teller.log.info(teller.name, "%s could not be delivered before the connection was lost" % told)
