"""Becomes a service: reads its command and environment from a file that only its owner can read, and replaces itself by it.

Run as a script by supervisord, so that no secret stands in its configuration or in a command line; imports nothing of ours.
"""

import json
import os
import sys


def main(path: str) -> None:
    """Replace this process by the command in the file."""
    with open(path, encoding="utf-8") as file:
        program = json.load(file)
    os.chdir(program["folder"])
    os.execve(program["argv"][0], program["argv"], program["environment"])


if __name__ == "__main__":
    main(sys.argv[1])
