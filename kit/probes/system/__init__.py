"""What only some operating systems have, for the probes: forks, descriptors that are sent, lists of the kernel.

No other probe names a system. Standard library only, Python 3.8 to 3.14.
"""
