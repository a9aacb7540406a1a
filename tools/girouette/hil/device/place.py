# Where the broker is, for the programs that need a real one; this is the tests' own. A run on a board has another file
# of this name, which exists only on the computer while it runs: a board reads it through the cable.

HOST = "127.0.0.1"
BASE = "ha"  # the topics below which everything is said
NAME = ""  # before each client id
ACCOUNT = {}  # user and password, as options of Client
