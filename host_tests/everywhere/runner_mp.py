"""Runs test files on MicroPython: `micropython runner_mp.py FOLDER_OF_LEANMQTT FILE...`

Prints the name of each test with ok, or FAIL and the traceback; the exit code is the number of failures (at most 99).
What must not live here: knowledge of what is tested. A test is a function named test_* without arguments.
"""

import gc
import sys


def run(name, test):
    gc.collect()
    try:
        test()
    except Exception as e:
        print(name, "FAIL")
        sys.print_exception(e)
        return 1
    print(name, "ok")
    return 0


def run_file(path):
    name = path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    module = __import__(name)
    tests = sorted([key for key in dir(module) if key.startswith("test_")])
    failed = 0 if tests else 1
    for key in tests:
        failed += run(name + "." + key, getattr(module, key))
    print(name, "ran", len(tests), "failed", failed)
    return failed


def main(argv):
    here = argv[0].rsplit("/", 1)[0] if "/" in argv[0] else "."
    sys.path.insert(0, argv[1])
    sys.path.insert(0, here)
    failed = 0
    for path in argv[2:]:
        failed += run_file(path)
    sys.exit(min(failed, 99))


main(sys.argv)
