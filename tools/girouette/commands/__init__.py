"""One module per command of `girouette`; see cli.py for what each must offer."""
