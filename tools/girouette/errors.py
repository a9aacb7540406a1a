"""Errors meant for a person. The command line prints their text, which says what to do, and no traceback."""


class Failure(Exception):
    """Something a person can cure; the text says how. `status`: the exit status of the command."""

    status = 1


class ToolMissing(Failure):
    """A program is not there and could not be installed; the text holds the command that installs it."""


class Refused(Failure):
    """What was asked for would go wrong, and was not begun: nothing is changed. The text says why."""

    status = 3
