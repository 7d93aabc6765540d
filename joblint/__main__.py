"""`python -m joblint`: the command line."""

from joblint.cli.main import main

main()
