"""What differs between operating systems: locks of files, users, and what a probe reads from and writes to."""
