"""The node: network, broker and sensors joined from config.json. Start reading at app.py."""

VERSION = "0.1.0"
