"""A process connects over the loopback interface, and nobody else does; its output is read without a selector."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.platform.abilities import CAN_INHERIT
from kit.platform.child_output import PolledOutput, ThreadedOutput
from kit.platform.worker_links import InheritedLink, LoopbackLink
from kit.probes.suite.loopback import connected


def place_of(link: LoopbackLink) -> Path:
    way, _, path = link.other_end.word.partition(":")
    assert way == "connect"
    return Path(path)


def in_a_thread(what: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=what, daemon=True)
    thread.start()
    return thread


def test_the_process_that_knows_the_token_is_connected(tmp_path: Path) -> None:
    link, theirs = LoopbackLink(tmp_path), []
    thread = in_a_thread(lambda: theirs.append(connected(str(place_of(link)))))

    with link.hand_over(lambda: True) as ours:
        thread.join(30)
        theirs[0].sendall(b"hello")
        assert ours.recv(5) == b"hello"
        theirs[0].close()
        assert ours.recv(1) == b""
    assert list(tmp_path.iterdir()) == [], "the token is removed"


@pytest.mark.skipif(os.name == "nt", reason="a folder of the user protects it there")
def test_the_token_is_for_this_user_alone(tmp_path: Path) -> None:
    link = LoopbackLink(tmp_path)

    assert place_of(link).stat().st_mode & 0o077 == 0
    link.close()


def test_somebody_without_the_token_is_not_heard(tmp_path: Path) -> None:
    link = LoopbackLink(tmp_path)
    port, token = place_of(link).read_bytes().split()
    place, done = place_of(link), []

    def stranger_first() -> None:
        with socket.create_connection(("127.0.0.1", int(port))) as stranger:
            stranger.sendall(b"x" * len(token))
            done.append(stranger.recv(1))
        done.append(connected(str(place)))

    thread = in_a_thread(stranger_first)
    with link.hand_over(lambda: True) as ours:
        thread.join(30)
        assert done[0] == b"", "the stranger was shown the door"
        done[1].sendall(b"me")
        assert ours.recv(2) == b"me"
        done[1].close()


def test_a_process_that_dies_before_it_connects_has_a_connection_at_its_end(tmp_path: Path) -> None:
    with LoopbackLink(tmp_path).hand_over(lambda: False) as ours:
        assert ours.recv(1) == b""


@pytest.mark.skipif(not CAN_INHERIT, reason="no descriptors are inherited here")
def test_an_inherited_end_is_named_by_its_number() -> None:
    link = InheritedLink()
    end = link.other_end

    assert end.word == str(end.descriptor)
    assert end.options == {"pass_fds": (end.descriptor,)}
    link.close()


@pytest.mark.parametrize("kind", [PolledOutput, ThreadedOutput] if CAN_INHERIT else [ThreadedOutput])
def test_the_end_of_an_output_is_kept_however_long_it_is(kind: type[PolledOutput] | type[ThreadedOutput]) -> None:
    program = "import sys; sys.stdout.write('x' * 300_000 + 'the end')"
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert process.stdout is not None
    output = kind(process.stdout, 20)

    while output.read():
        pass
    process.wait()

    assert output.tail() == b"x" * 13 + b"the end"
    output.close()
