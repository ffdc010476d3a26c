"""Ways in which a test can reach the tree that it was copied from: harmless stand-ins, each the body of a script.

``real`` is the path of the tree, as a test may have it from a constant, a variable or a configuration.
"""

from __future__ import annotations

PRELUDE = """
import contextlib, errno, mmap, os, pathlib, shutil, socket, sqlite3, subprocess, sys, tempfile, time
real = pathlib.Path(sys.argv[1])
def run(*words, **more):
    subprocess.run(words, check=True, capture_output=True, **more)
"""

#: what the tree holds is written by its path
BY_PATH = {
    "a hard-coded path is written": "(real / 'data.txt').write_text('x')",
    "a hard-coded path is appended to": "(real / 'data.txt').open('a').write('x')",
    "a new file": "(real / 'new.txt').touch()",
    "a new folder": "(real / 'new').mkdir()",
    "a file is removed": "(real / 'untracked.txt').unlink()",
    "the package is removed": "shutil.rmtree(real / 'pkg')",
    "everything in the tree is removed": "[shutil.rmtree(one) for one in real.iterdir() if one.name == 'pkg']",
    "a file is renamed": "(real / 'data.txt').rename(real / 'renamed.txt')",
    "a folder is renamed": "(real / 'pkg').rename(real / 'renamed')",
    "a file is replaced, as editors do": "(real / 'n').write_text('x'); (real / 'n').replace(real / 'data.txt')",
    "a mode is changed": "(real / 'data.txt').chmod(0o600)",
    "the mode of the root is changed": "real.chmod(0o700)",
    "a time is changed": "os.utime(real / 'data.txt', (1, 1))",
    "bytes are changed, and size and time put back": """
        status = os.stat(real / 'data.txt')
        (real / 'data.txt').write_text('DATA')
        os.utime(real / 'data.txt', ns=(status.st_atime_ns, status.st_mtime_ns))
    """,
    "a file is cut": "os.truncate(real / 'data.txt', 1)",
    "a file grows without being written": "os.truncate(real / 'data.txt', 9999)",
    "shared memory over a file": """
        with open(real / 'data.txt', 'r+b') as file, mmap.mmap(file.fileno(), 0) as memory:
            memory[0:1] = b'X'
    """,
    "a database": """
        with contextlib.closing(sqlite3.connect(real / 'db.sqlite')) as database:
            database.execute('create table t (x)')
    """,
    "a socket is bound": "os.chdir(real); socket.socket(socket.AF_UNIX).bind('s.sock')",
    "a pipe is made": "os.mkfifo(real / 'pipe')",
    "a symbolic link is made in it": "(real / 'link').symlink_to('data.txt')",
    "a hard link is made in it": "os.link(real / 'data.txt', real / 'hard')",
    "an unnamed file gets a name in it": """
        descriptor = os.open(real, os.O_TMPFILE | os.O_RDWR)
        os.link(f'/proc/self/fd/{descriptor}', 'named', dst_dir_fd=os.open(real, os.O_RDONLY))
    """,
    "a shell goes there": "run('/bin/sh', '-c', f'cd {real} && echo x > shell.txt')",
    "by way of a link elsewhere": """
        link = pathlib.Path(tempfile.mkdtemp()) / 'link'
        link.symlink_to(real)
        (link / 'data.txt').write_text('x')
    """,
    "by way of a hard link elsewhere": """
        other = pathlib.Path(tempfile.mkdtemp()) / 'hard'
        try:
            os.link(real / 'data.txt', other)
        except OSError as error:
            assert error.errno == errno.EXDEV
        else:
            other.write_text('x')
    """,
    "by way of dots": "(real / 'pkg' / '..' / 'data.txt').write_text('x')",
    "by the folder above": "(real.parent / real.name / 'data.txt').write_text('x')",
    "an attribute": """
        with contextlib.suppress(OSError):  # the file system may have none
            os.setxattr(real / 'data.txt', 'user.kit', b'x')
    """,
}

#: the tree's path comes from an environment variable, a process, a descriptor
BY_PROCESS = {
    "PWD": "pathlib.Path(os.environ['PWD'], 'pwd.txt').touch()",
    "OLDPWD": "pathlib.Path(os.environ.get('OLDPWD', os.getcwd()), 'oldpwd.txt').touch()",
    "the root folder of another process": """
        other = os.getppid()
        while other > 1:  # those above it: a process of another run of the same user is out of this run's hands
            with contextlib.suppress(OSError):
                pathlib.Path(f'/proc/{other}/root{real}', 'proc.txt').touch()
            other = int(pathlib.Path(f'/proc/{other}/stat').read_text().rpartition(')')[2].split()[1])
    """,
    "the working directory of another process": """
        for other in pathlib.Path('/proc').glob('[0-9]*'):
            with contextlib.suppress(OSError):
                if os.path.realpath(other / 'cwd') == str(real):
                    (other / 'cwd' / 'cwd.txt').touch()
    """,
    "an inherited descriptor of a folder": """
        for descriptor in range(3, 64):
            with contextlib.suppress(OSError):
                os.close(os.open('descriptor.txt', os.O_CREAT | os.O_WRONLY, dir_fd=descriptor))
    """,
    "a daemon": """
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                (real / 'daemon.txt').touch()
                time.sleep(600)
            os._exit(0)
        os.wait()
    """,
    "Python without its environment": """
        run(sys.executable, '-I', '-c', f'import sys; sys.path.insert(0, {str(real)!r}); import pkg.mod')
    """,
    "Python with an empty environment": """
        run(sys.executable, '-c', f'import sys; sys.path.insert(0, {str(real)!r}); import pkg.mod', env={})
    """,
    "the cover is taken off": """
        subprocess.run(['umount', '-l', str(real)], capture_output=True)
        (real / 'umount.txt').touch()
    """,
    "the cover is taken off in a namespace": """
        words = ['unshare', '-Urm', '/bin/sh', '-c', f'umount -l {real}; touch {real}/nested.txt']
        subprocess.run(words, capture_output=True)
    """,
    "everything that can be seen is killed": """
        for other in pathlib.Path('/proc').glob('[0-9]*'):
            pids = {os.getpid(), os.getppid(), os.getsid(0)}
            with contextlib.suppress(OSError):
                if int(other.name) not in pids and b'kit-nothing' in (other / 'cmdline').read_bytes():
                    os.kill(int(other.name), 9)
        (real / 'killed.txt').touch()
    """,
}

#: git leads to the repository, or tools to the environment in the tree
BY_TOOL = {
    "git clean with an absolute work tree": "run('git', 'clean', '-fdxq', '-e', '.venv', '-e', 'node_modules')",
    "git in the tree: a commit": "run('git', '-C', str(real), 'commit', '--allow-empty', '-qm', 'x')",
    "git in the tree: a tag": "run('git', '-C', str(real), 'tag', 'x')",
    "git in the tree: the index": "run('git', '-C', str(real), 'add', 'untracked.txt')",
    "git in the tree: its configuration": "run('git', '-C', str(real), 'config', 'kit.x', 'y')",
    "git in the tree: a hook": "(real / '.git' / 'hooks').mkdir(exist_ok=True); (real / '.git/hooks/kit').touch()",
    "git in the tree: the stash": """
        (real / 'data.txt').write_text('x')
        run('git', '-C', str(real), 'stash', '-q')
    """,
    "git told by variables, as hooks are": """
        folder = tempfile.mkdtemp()
        run('git', 'init', '-q', cwd=folder)
        run('git', 'commit', '--allow-empty', '-qm', 'x', cwd=folder)
    """,
    "the environment in the tree is written": "(real / '.venv/lib/package.py').write_text('x')",
    "the environment in the tree loses a package": "(real / '.venv/lib/package.py').unlink()",
    "the environment in the tree gets a file": "(real / '.venv/lib/x.pth').touch()",
    "pytest's cache is named by its path": """
        os.environ['PYTEST_ADDOPTS'] = f'-o cache_dir={real}/cache --lf'
        os.environ['PYTEST_DISABLE_PLUGIN_AUTOLOAD'] = '1'
        run(sys.executable, '-m', 'pytest', '-q', str(real / 'pkg' / 'test_it.py'), cwd=tempfile.mkdtemp())
    """,
    "a link that leads out of the tree": "pathlib.Path('outside', 'written.txt').touch()",
    "packages of another language": "(real / 'node_modules' / 'x.js').touch()",
}

WAYS = BY_PATH | BY_PROCESS | BY_TOOL
