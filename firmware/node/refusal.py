"""The words for what refused.py has seen."""

from leanmqtt import port, v5words


def say(voice, reason):
    voice.trouble("refuses some of what this node publishes: %s" % v5words.reason(reason))
    port.release("v5words")
