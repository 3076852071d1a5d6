"""What can go wrong on the wire, and the one signal an application may raise."""

from __future__ import annotations


class WouldBlock(BaseException):
    """Raised by an application called with ``matteproof.may_block`` false when it finds that slow work is needed.

    The server then calls it again, in a thread and with a fresh environ. It is no :class:`Exception`, so that the
    catch-all handlers of web frameworks let it through.
    """


class ListenError(OSError):
    """The server cannot listen where it should; the message is a sentence for a person."""


class PortTakenError(ListenError):
    """Another program listens on the port already."""


class ApplicationError(Exception):
    """The application did something that WSGI or HTTP forbids."""


class BadRequestError(Exception):
    """A request that is not passed on to the application; ``status`` is the status of the answer."""

    def __init__(self, status: int, reason: str) -> None:
        """Keep *status* and the sentence *reason*, which the client is told."""
        super().__init__(reason)
        self.status = status
