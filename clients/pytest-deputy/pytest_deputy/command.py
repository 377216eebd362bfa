"""`deputy`, as pip installs it: the program that the wheel brings."""
import os
import sys

from .server import binary


def main():
    program = binary()
    os.execv(program, ["deputy", *sys.argv[1:]])
