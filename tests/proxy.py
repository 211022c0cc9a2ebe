"""A line between us and a server that can be cut after so many bytes, in either direction."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Proxy:
    """Forwards connections to a port of loopback, on a port of its own.

    Attributes:
        port: where it listens.
        down: bytes from the server after which a connection is cut; None for never.
        up: bytes to the server after which it is.
        mute: True where it is not cut then, but nothing more comes through, as on a dead line.
        cuts: how often it was.
    """

    def __init__(self, target: int) -> None:
        self._target = target
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.down: int | None = None
        self.up: int | None = None
        self.mute = False
        self._over = threading.Event()
        self.cuts = 0
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def close(self) -> None:
        """Listen no more; wait for what is still forwarded."""
        self._over.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join(10)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near = self._listening.accept()[0]
                far = socket.create_connection(("127.0.0.1", self._target))
                for pair in ((near, far, self.up), (far, near, self.down)):
                    thread = threading.Thread(target=self._forward, args=pair)
                    self._threads.append(thread)
                    thread.start()

    def _forward(self, source: socket.socket, target: socket.socket, most: int | None) -> None:
        left = most
        with suppress(OSError):
            while block := source.recv(16_384):
                if left is not None:
                    block = block[:left]
                    left -= len(block)
                target.sendall(block)
                if left == 0:
                    self.cuts += 1
                    if self.mute:
                        self._over.wait()
                    break
        # Both halves: a cut line says nothing in either direction.
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@contextmanager
def cut_line(target: int) -> Iterator[Proxy]:
    """Forward for as long as this lasts."""
    proxy = Proxy(target)
    try:
        yield proxy
    finally:
        proxy.close()
