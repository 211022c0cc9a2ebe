"""What may go wrong with a server, in two kinds, and how paramiko's failures become one of them."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import paramiko

from chorus_edi.errors import Incident


class Unreachable(Incident):
    """Nobody can work with the server now: not found, not the right one, lost, or it refuses us.

    Attributes:
        lasting: True where trying again cannot help before somebody has acted.
    """

    def __init__(self, told: str, *, lasting: bool = False) -> None:
        """``told`` is one French sentence, without its full stop."""
        super().__init__(told)
        self.lasting = lasting


class Refused(Incident):
    """The server answers, and refuses one operation: no right, no folder, no room."""


@contextmanager
def asking(told: str, alive: Callable[[], bool]) -> Iterator[None]:
    """Translate what an operation on a server raises.

    Args:
        told: what was asked, in French, with the path concerned.
        alive: tells whether the connection still is there.

    Raises:
        FileNotFoundError: there is no such file or folder.
        Refused: the server does not let us.
        Unreachable: the connection is lost.
    """
    try:
        yield
    except TimeoutError as error:
        raise Unreachable(f"plus de réponse ({told})") from error
    except (paramiko.SSHException, EOFError) as error:
        raise Unreachable(f"connexion perdue ({told})") from error
    except OSError as error:
        if not alive():
            raise Unreachable(f"connexion perdue ({told})") from error
        if error.errno == errno.ENOENT:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), told) from error
        raise Refused(f"{told} : {_reason(error)}") from error


def _reason(error: OSError) -> str:
    if error.errno == errno.EACCES:
        return "droit refusé par le serveur"
    return f"refusé par le serveur ({error}) ; disque plein, quota ou droit ?"
