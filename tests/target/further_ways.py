"""Further ways to the real tree, of editors, of git and of the system: harmless stand-ins, as in :mod:`ways`."""

from __future__ import annotations

FURTHER_WAYS = {
    "a lock file of an editor": "(real / '.#data.txt').symlink_to('me@host.1')",
    "a file becomes a link": "(real / 'untracked.txt').unlink(); (real / 'untracked.txt').symlink_to('data.txt')",
    "the mode of a folder is changed": "(real / 'pkg').chmod(0o777)",
    "the time of a folder is changed": "os.utime(real / 'pkg', (1, 1))",
    "the time of a link is changed": "os.utime(real / 'outside', (1, 1), follow_symlinks=False)",
    "a file is written at a place": "os.pwrite(os.open(real / 'data.txt', os.O_RDWR), b'X', 2)",
    "room is kept for a file": "os.posix_fallocate(os.open(real / 'data.txt', os.O_RDWR), 0, 9999)",
    "the kernel sends into a file": """
        source = os.open(real / 'pkg' / 'mod.py', os.O_RDONLY)
        os.sendfile(os.open(real / 'data.txt', os.O_WRONLY), source, 0, 3)
    """,
    "a folder's descriptor comes over a socket": """
        ours, theirs = socket.socketpair()
        if os.fork() == 0:
            socket.send_fds(theirs, [b'x'], [os.open(real, os.O_RDONLY)])
            os._exit(0)
        folder = socket.recv_fds(ours, 1, 1)[1][0]
        os.close(os.open('sent.txt', os.O_CREAT | os.O_WRONLY, dir_fd=folder))
        os.wait()
    """,
    "a helper that was started before": """
        ours, theirs = socket.socketpair()
        if os.fork() == 0:
            pathlib.Path(theirs.recv(4096).decode(), 'helped.txt').touch()
            os._exit(0)
        ours.send(os.fsencode(real))
        os.wait()
    """,
    "git: an alias": "run('git', '-C', str(real), '-c', 'alias.x=!touch aliased.txt', 'x')",
    "git: hooks of another folder": """
        hooks = pathlib.Path(tempfile.mkdtemp())
        (hooks / 'post-commit').write_text(f'#!/bin/sh\\ntouch {real}/hooked.txt\\n')
        (hooks / 'post-commit').chmod(0o755)
        run('git', '-C', str(real), '-c', f'core.hooksPath={hooks}', 'commit', '--allow-empty', '-qm', 'x')
    """,
    "git: fewer files are checked out": "run('git', '-C', str(real), 'sparse-checkout', 'set', 'pkg')",
    "git: the log of references": "run('git', '-C', str(real), 'reflog', 'expire', '--expire=now', '--all')",
    "git: a branch of another name": "run('git', '-C', str(real), 'branch', '-m', 'renamed')",
}
