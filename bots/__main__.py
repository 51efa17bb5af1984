"""python -m bots: the same as the command tousu."""

from bots.cli import main

main()
