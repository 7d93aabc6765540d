"""`python -m joblint`: the command line."""

from joblint.start import main

main()
