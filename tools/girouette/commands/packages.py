"""`girouette packages`: the package.json files for `mpremote mip install`, made anew."""

from girouette import packages
from girouette.paths import shown

HELP = "write the package.json files of leanmqtt and the drivers, for `mpremote mip install`"


def add_arguments(parser):
    pass


def run(args) -> int:
    print("\n".join(map(shown, packages.write())))
    return 0
