# The message that every client publishes and receives.
TOPIC = b"ha/temperature"
PAYLOAD = b"21.5"
FILTER = TOPIC  # an exact filter, as a command topic has it
