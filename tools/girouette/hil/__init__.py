"""`girouette hil`: the gates and figures of this project on a person's own board, and a report of them.

device/     programs that run on the board; those of the allocation gate are the very ones of host_tests/allocation
setting.py  the folder that the board sees through the cable (`mpremote mount`): nothing is written to its flash, and
            passwords never lie there
bench.py    runs the programs, each on a fresh heap, and reads what they print
report.py   what came of it, in Markdown, without secrets
"""
