"""What kit and its probes agree on: the messages between their processes, and the layout of their shared memory.

Both sides import these modules, kit in its own interpreter and the probes in the target's: the standard library only,
Python 3.8 to 3.14.
"""
