"""`girouette completion`: the script that lets a shell complete commands, options, boards and ports."""

HELP = "print the completion script of a shell"


def add_arguments(parser):
    parser.add_argument("shell", choices=("bash", "zsh", "fish"), help="the script goes to standard output")


def run(args) -> int:
    from girouette import cli, completion

    print(completion.script(cli.build_parser(), args.shell))
    return 0
