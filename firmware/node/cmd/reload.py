"""reload: config.json and secrets.json, which a tool has replaced, are checked, and tried after a restart."""


def run(station, payload):
    from .. import trial

    trial.begin(station, "config.json", "reload")
