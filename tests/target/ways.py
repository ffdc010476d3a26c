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

#: the real tree below its cover, by a folder above it, a handle or another name of the same file
BELOW_THE_COVER = {
    "a handle of the folder below the cover": """
        import ctypes
        libc = ctypes.CDLL(None, use_errno=True)
        number = {one.name: one.inode() for one in os.scandir(real.parent)}[real.name]
        class Handle(ctypes.Structure):
            _fields_ = [(name, ctypes.c_uint) for name in ('size', 'kind', 'inode', 'generation')]
        handle, above = Handle(8, 1, number, 0), os.open(real.parent, os.O_RDONLY)
        folder = libc.open_by_handle_at(above, ctypes.byref(handle), os.O_RDONLY | os.O_DIRECTORY)
        if folder >= 0:  # root with CAP_DAC_READ_SEARCH, and a file system whose handles can be guessed
            with contextlib.suppress(OSError):
                os.close(os.open('handle.txt', os.O_CREAT | os.O_WRONLY, dir_fd=folder))
    """,
    "the folder above, bound elsewhere in a namespace": """
        place = tempfile.mkdtemp()
        script = f'mount --bind {real.parent} {place} && touch {place}/{real.name}/bound.txt'
        subprocess.run(['unshare', '-Urm', '/bin/sh', '-c', script], capture_output=True)
    """,
    "the folder above, as the upper layer of an overlay": """
        low, work, place = tempfile.mkdtemp(), tempfile.mkdtemp(dir=real.parent), tempfile.mkdtemp()
        options = f'lowerdir={low},upperdir={real.parent},workdir={work},userxattr'
        script = f'mount -t overlay overlay -o {options} {place} && touch {place}/{real.name}/layer.txt'
        subprocess.run(['unshare', '-Urm', '/bin/sh', '-c', script], capture_output=True)
        shutil.rmtree(work, ignore_errors=True)
    """,
    "the cover is moved away in a namespace": """
        place = tempfile.mkdtemp()
        script = f'mount --move {real} {place}; touch {real}/moved.txt'
        subprocess.run(['unshare', '-Urm', '/bin/sh', '-c', script], capture_output=True)
    """,
    "the namespace of another process is entered": """
        other = os.getppid()
        while other > 0:
            subprocess.run(['nsenter', '-t', str(other), '-m', 'touch', str(real / 'entered.txt')], capture_output=True)
            try:
                other = int(pathlib.Path(f'/proc/{other}/stat').read_text().rpartition(')')[2].split()[1])
            except OSError:
                break
    """,
    "a descriptor is taken from another process": """
        import ctypes
        libc, other = ctypes.CDLL(None), os.getppid()
        process = os.pidfd_open(other)
        for number in range(3, 32):
            taken = libc.syscall(438, process, number, 0)
            if taken >= 0:
                with contextlib.suppress(OSError):
                    os.close(os.open('taken.txt', os.O_CREAT | os.O_WRONLY, dir_fd=taken))
    """,
    "the root folder of its own process": "pathlib.Path(f'/proc/self/root{real}/own.txt').touch()",
    "the root folder of its thread": "pathlib.Path(f'/proc/thread-self/root{real}/thread.txt').touch()",
    "two files change places": """
        import ctypes
        (real / 'n').write_text('x')
        one, other = (os.fsencode(real / name) for name in ('data.txt', 'n'))
        assert ctypes.CDLL(None).renameat2(-100, one, -100, other, 2) == 0
    """,
    "a hole is made in a file": """
        import ctypes
        descriptor = os.open(real / 'data.txt', os.O_RDWR)
        ctypes.CDLL(None).fallocate(descriptor, 3, ctypes.c_long(0), ctypes.c_long(2))
    """,
    "the kernel copies into a file": """
        source = os.open(real / 'pkg' / 'mod.py', os.O_RDONLY)
        os.copy_file_range(source, os.open(real / 'data.txt', os.O_WRONLY), 3)
    """,
}

#: tools that keep something where they were told to once, by a variable or a file
BY_SETTING = {
    "temporary files in the tree": """
        os.environ['TMPDIR'] = str(real)
        run(sys.executable, '-c', 'import tempfile; tempfile.mkstemp()')
    """,
    "bytecode goes into the tree": """
        run(sys.executable, '-c', 'import json.tool', env={'PYTHONPYCACHEPREFIX': str(real / 'bytecode')})
        run(sys.executable, '-m', 'compileall', '-q', str(real / 'pkg'))
    """,
    "a log of an absolute path": """
        import logging.handlers
        handler = logging.handlers.RotatingFileHandler(real / 'app.log', maxBytes=10, backupCount=2)
        [handler.emit(logging.makeLogRecord({'msg': 'x' * 20})) for _ in range(4)]
    """,
    "a database that is attached": """
        with contextlib.closing(sqlite3.connect(':memory:')) as database:
            database.execute('attach ? as other', (str(real / 'attached.db'),))
            database.execute('create table other.t (x)')
    """,
    "an archive is unpacked there": """
        import tarfile
        with tarfile.open(pathlib.Path(tempfile.mkdtemp()) / 'a.tar', 'w') as archive:
            archive.add(__import__('os').__file__, 'unpacked.py')
            archive.close()
            tarfile.open(archive.name).extractall(real)
    """,
    "an environment is made there": "run(sys.executable, '-m', 'venv', '--without-pip', str(real / '.venv2'))",
    "an editable install": "(real / 'app.egg-info').mkdir(); (real / 'app.egg-info' / 'PKG-INFO').touch()",
    "git: another work tree": "run('git', '-C', str(real), 'worktree', 'add', '-q', tempfile.mkdtemp())",
    "git: a reference": "run('git', '-C', str(real), 'update-ref', 'refs/heads/kit', 'HEAD')",
    "git: everything is packed anew": "run('git', '-C', str(real), 'gc', '-q', '--prune=now')",
    "git: a note": "run('git', '-C', str(real), 'notes', 'add', '-m', 'x')",
    "git: excluded files": "(real / '.git/info').mkdir(exist_ok=True); (real / '.git/info/exclude').write_text('x')",
}

WAYS = BY_PATH | BY_PROCESS | BY_TOOL | BELOW_THE_COVER | BY_SETTING
