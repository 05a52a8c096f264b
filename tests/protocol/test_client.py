#!/usr/bin/python3
"""What docs/protocol.md promises, asked of the real processes by a client that knows nothing else.

usage: test_client.py LIANQIND SOURCE_DIR

The steps build on each other, as a day of the force does, and run in the order of the files here and
of the list in each.
"""

import os
import sys
import tempfile

try:
    import google.protobuf  # noqa: F401
    import zmq  # noqa: F401
except ImportError as problem:
    print(f"skipped: {problem}; install python3-zmq and python3-protobuf")
    sys.exit(77)

import steps_commands
import steps_day
import steps_door
import steps_end
from world import World

STEPS = steps_door.STEPS + steps_day.STEPS + steps_commands.STEPS + steps_end.STEPS


def main():
    program, source = (os.path.abspath(argument) for argument in sys.argv[1:3])
    with tempfile.TemporaryDirectory(prefix="lq-protocol-") as directory:
        w = World(program, source, directory)
        try:
            for step in STEPS:
                step(w)
                print("ok  ", step.__name__.replace("_", " "), flush=True)
        except BaseException:
            print("FAILED", step.__name__.replace("_", " "), "\n" + w.daemon.log()[-4000:])
            raise
        finally:
            for client in w.clients.values():
                client.close()
            w.daemon.stop()


if __name__ == "__main__":
    main()
