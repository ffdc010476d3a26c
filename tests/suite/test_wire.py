from __future__ import annotations

import os
import socket

from kit.suite.process.wire import Connection


def pair() -> tuple[Connection, socket.socket]:
    """A connection, and the other side as a process of the target would have it."""
    connection = Connection()
    other = socket.socket(fileno=os.dup(connection.theirs))
    connection.hand_over()
    return connection, other


def test_objects_arrive_whole_even_when_they_come_in_pieces() -> None:
    connection, other = pair()
    with other:
        other.sendall(b'{"kind":"a"}\n{"kind":')
        assert connection.receive() == [{"kind": "a"}]
        assert connection.receive() == []
        other.sendall(b'"b"}\n')
        assert connection.receive() == [{"kind": "b"}]
    connection.close()


def test_what_is_no_object_of_ours_is_left_out() -> None:
    connection, other = pair()
    with other:
        other.sendall(b'nonsense\n[1]\n{"no":"kind"}\n\xff\n\n{"kind":3}\n{"kind":"a"}\n')
        assert connection.receive() == [{"kind": "a"}]
    connection.close()


def test_what_was_said_before_the_end_is_still_heard() -> None:
    connection, other = pair()
    other.sendall(b'{"kind":"last"}\n')
    other.close()

    assert connection.receive() == [{"kind": "last"}]
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
