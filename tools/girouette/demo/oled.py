"""A display's dots as characters: braille, two dots wide and four high; or half as many rows for a small terminal."""

from girouette.simboard.parts.display import braille

WIDTH = 64  # characters


def drawn(pixels: list[list[bool]], rows: int) -> list[str]:
    """The picture in so many rows of text: 16 for a panel of 64, or 8: then of two dots below each other one is left.

    What is lost is little: the small letters' dots are two high, the large ones' four."""
    while len(pixels) > 4 * rows:
        pixels = [[a or b for a, b in zip(*pair, strict=True)] for pair in zip(pixels[::2], pixels[1::2], strict=True)]
    return braille(pixels)
