# Starts the node. It stays a .py file at the root of the board, where MicroPython looks for it; the rest is compiled.
# Maintenance is looked for here, before anything of the node is imported: a copy that was broken off leaves a mixture.


def maintenance():
    try:
        with open("maintenance") as file:
            print("maintenance: the node does not start. " + file.read())
    except OSError:
        return False
    return True


if not maintenance():
    del maintenance  # each of its bytes is missing in a small heap
    from node.app import main

    main()
