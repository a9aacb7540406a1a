# Runs on the board, before anything is touched: from here on the node does not start. Set before it: ASIDE, those of
# main.py and boot.py that are somebody else's program, which is kept.
import os

with open("maintenance", "w") as file:
    file.write("A copy to this board was broken off: run girouette deploy again\n")
for path in ASIDE:
    kept = path.replace(".py", ".before.py")
    if kept not in os.listdir():
        os.rename(path, kept)
print("@done")
