from __future__ import annotations

import os
import socket

from kit.suite.process.messages import DECODER, Bye, FromProbe, Measured, Misfits, Pull
from kit.suite.process.wire import Connection


def pair(misfits: Misfits | None = None) -> tuple[Connection[FromProbe], socket.socket]:
    """A connection, and the other side as a process of the target would have it."""
    connection = Connection(DECODER, misfits or Misfits())
    other = socket.socket(fileno=os.dup(connection.theirs.descriptor))
    connection.hand_over()
    return connection, other


def test_objects_arrive_whole_even_when_they_come_in_pieces() -> None:
    connection, other = pair()
    with other:
        other.sendall(b'{"kind":"pull"}\n{"kind":')
        assert connection.receive() == [Pull()]
        assert connection.receive() == []
        other.sendall(b'"measured"}\n')
        assert connection.receive() == [Measured()]
    connection.close()


def test_what_is_not_a_message_is_counted_and_named() -> None:
    misfits = Misfits()
    connection, other = pair(misfits)
    with other:
        other.sendall(
            b'{"kind":"pulls"}\nnonsense\n[1]\n{"no":"kind"}\n\xff\n\n{"kind":"forked","pid":"x"}\n{"kind":"pull"}\n'
        )
        assert connection.receive() == [Pull()]
        assert misfits.problem == (
            "7 messages of the processes that run the tests could not be read (Invalid value 'pulls' - at `$.kind`): "
            "results may be missing."
        )
    connection.close()


def test_what_was_said_before_the_end_is_still_heard() -> None:
    connection, other = pair()
    other.sendall(b'{"kind":"bye","exits":[]}\n')
    other.close()

    assert connection.receive() == [Bye([])]
    connection.receive()
    assert connection.closed
    connection.send({"do": "anything"})  # nobody is there, which is no error
    connection.close()


def test_a_descriptor_can_be_passed_along() -> None:
    connection, other = pair()
    read_end, write_end = os.pipe()
    with other:
        connection.send({"do": "fork"}, write_end)
        data, (received,), _, _ = socket.recv_fds(other, 1000, 1)
        assert data == b'{"do":"fork"}\n'
        os.write(received, b"x")
        assert os.read(read_end, 1) == b"x"
    for descriptor in (read_end, write_end, received):
        os.close(descriptor)
    connection.close()


def test_receiving_never_waits() -> None:
    connection, other = pair()
    with other:
        assert connection.receive() == []
        assert not connection.closed
    connection.close()
