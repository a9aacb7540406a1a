"""`girouette doctor`: what stands between a person and a node that publishes, one line per check, with the cure below.

    verdict.py    what a check says                machine.py   this computer: tools, ports, permissions
    board.py      the board, asked by mpremote     broker.py    the way to the broker: name, TCP, TLS, login, rules
    filesystem.py what FAT means and how to leave it            examine.py   all of them, in order

A check is a function that yields Verdicts and prints nothing. docs/doctor.md is for users.
"""
