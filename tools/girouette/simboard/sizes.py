"""Sizes as people write them."""


def size_in_bytes(size: str | int) -> int:
    """A size such as "112k", "1m" or 114688, in bytes."""
    text = str(size).lower()
    unit = {"k": 1024, "m": 1024 * 1024}.get(text[-1], 1)
    return int(text.rstrip("km")) * unit
