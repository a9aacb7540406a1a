"""What the tests of `girouette hil` and their fixtures share."""

import hashlib

ADDRESS = "127.0.0.2"  # this computer, as a board would call it
SECRETS = ("wifi-s3cret", "br0ker-s3cret")


def files_of(folder) -> dict[str, str]:
    """What a board's flash holds, without what a node writes for itself."""
    files = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    own = ("memory", "config.good", "secrets.good", "maintenance")
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items() if name not in own}
