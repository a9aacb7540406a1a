"""Errors meant for a person. The command line prints their text, which says what to do, and no traceback."""


class Failure(Exception):
    """Something a person can cure; the text says how."""


class ToolMissing(Failure):
    """A program is not there and could not be installed; the text holds the command that installs it."""
