"""Lead a connection up to TLS: thin I/O around the talks of `auditor.probe.starttls`."""

from auditor.collect.dial import Connection, Unreached
from auditor.model.fact import Why
from auditor.probe.base import Unseen
from auditor.probe.starttls import talk
from auditor.probe.starttls_words import Declined
from auditor.probe.tls import StartTls


class NotOffered(Unreached):
    """The server speaks its protocol well and offers no TLS in it."""

    def __init__(self, detail: str) -> None:
        super().__init__(Why.UNSUPPORTED, detail)


def greet(connection: Connection, protocol: StartTls) -> bytes:
    """Speak the words in clear and return what came behind the go-ahead, which is to be nothing.

    The server then waits for a TLS hello. Raises `Unreached`, never one that is `closed`: an end
    before TLS says nothing of TLS.
    """
    steps = talk(protocol)
    received = b""
    try:
        while True:
            words = steps.send(received) if received else next(steps)
            received = b""
            if words is None:
                received = connection.receive()
            else:
                connection.send(words)
    except StopIteration as end:
        rest: bytes = end.value
        return rest
    except Declined as error:
        raise NotOffered(str(error)) from error
    except Unseen as error:
        raise Unreached(error.why, error.detail) from error
    except Unreached as error:
        raise Unreached(error.why, f"before TLS: {error.detail}") from error
