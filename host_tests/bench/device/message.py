# The message that every client publishes and receives.
TOPIC = b"ha/temperature"
PAYLOAD = b"21.5"
FILTER = b"ha/#"
