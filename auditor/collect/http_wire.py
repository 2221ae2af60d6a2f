"""One connection to a web server: requests one after the other, each answer within bounds.

h11 reads what the server says; httpx would neither keep to one address nor bound the time of a
whole answer or the size of its head.
"""

import re
import ssl
import time
from functools import lru_cache

import h11

from auditor.collect import Limit
from auditor.collect.dial import Connection, Deadline, Unreached
from auditor.collect.http_body import Body
from auditor.model.fact import Why
from auditor.model.text import inert
from auditor.probe.http_talk import Answer, Ask

HEAD_LIMIT = 65_536
"""Bytes that a server may send before its answer's head has ended."""
FIELD_LIMIT = 200
"""Header fields of one answer."""
BODY_LIMIT = 4 * 2**20
"""Bytes of a body that are kept at most, whatever is asked for: a document that a crawl reads."""
_TOLD = 200
"""Characters of h11's complaint; what follows its colon are the server's own bytes."""
_LEFT_OVER = 10_000
"""Bytes of an unwanted body that are read so that the connection can be used again."""


class Patience(Deadline):
    """A deadline that begins anew with each request."""

    def renew(self, seconds: float) -> None:
        """End `seconds` from now, or with the task."""
        self._until = time.monotonic() + seconds


class Wire:
    """A connection; `name` is what TLS asks for, None for no TLS. Methods raise `Unreached`."""

    def __init__(
        self, place: tuple[str, int], limit: Limit, seconds: float, name: str | None
    ) -> None:
        self.open = True
        self.silent = True
        """Nothing of the latest answer has come."""
        self._seconds = seconds
        self._deadline = Patience(limit, seconds)
        self._connection = Connection(*place, self._deadline)
        self._protocol = h11.Connection(h11.CLIENT, max_incomplete_event_size=2 * HEAD_LIMIT)
        try:
            if name is not None:
                self._connection.encrypt(tolerant(), name)
        except Unreached:
            self.close()
            raise

    def close(self) -> None:
        """End the connection."""
        self.open = False
        self._connection.__exit__()

    def ask(self, ask: Ask, fields: list[tuple[str, str]]) -> Answer:
        """Send a request and return its answer, its body cut to what is wanted."""
        self._deadline.renew(self._seconds)
        self.silent = True
        try:
            self._send(ask, fields)
            return self._answer(ask)
        except (h11.RemoteProtocolError, h11.LocalProtocolError) as error:
            self.close()
            problem = inert(str(error).partition(":")[0])[:_TOLD]
            raise Unreached(Why.UNREADABLE, f"does not speak HTTP: {problem}") from error
        except Unreached:
            self.close()
            raise

    def _send(self, ask: Ask, fields: list[tuple[str, str]]) -> None:
        request = h11.Request(method=ask.method, target=ask.path, headers=fields)
        head = self._protocol.send(request) or b""
        self._connection.send(head + (self._protocol.send(h11.EndOfMessage()) or b""))

    def _answer(self, ask: Ask) -> Answer:
        head = self._head()
        if len(head.headers) > FIELD_LIMIT:
            raise Unreached(Why.CUT, f"a head of more than {FIELD_LIMIT} fields")
        fields = tuple((n.decode(), inert(v.decode("latin-1"))) for n, v in head.headers)
        answer = Answer(status=head.status_code, fields=fields)
        if ask.body and ask.method == "GET":
            coding = ",".join(answer.values("content-encoding"))
            body = self._body(coding, min(ask.body, BODY_LIMIT))
            kept, cut = bytes(body.data), body.cut
        else:
            kept, cut = b"", self._pass_over(ask, answer)
        self._end()
        return Answer(status=answer.status, fields=fields, body=kept, cut=cut)

    def _head(self) -> h11.Response:
        received = 0
        while True:
            event = self._protocol.next_event()
            if isinstance(event, h11.Response):
                return event
            if event is h11.NEED_DATA:
                if received >= HEAD_LIMIT:
                    raise Unreached(Why.CUT, f"a head of more than {HEAD_LIMIT} bytes")
                received += self._receive()

    def _body(self, coding: str, most: int) -> Body:
        body = Body(coding, most)
        while True:
            event = self._protocol.next_event()
            if event is h11.NEED_DATA:
                self._receive()
            elif isinstance(event, h11.Data):
                if event.data and not body.feed(bytes(event.data)):
                    self.close()
                    return body
            else:
                return body

    def _pass_over(self, ask: Ask, answer: Answer) -> bool:
        """Tell whether there is a body that nobody wants; a short one is read, a long one left."""
        short = re.fullmatch("[0-9]{1,4}", answer.value("content-length"))
        if ask.method == "GET" and not short:
            self.close()
            return True
        try:
            body = self._body("", 0 if ask.method == "HEAD" else _LEFT_OVER)
        except (Unreached, h11.RemoteProtocolError):
            self.close()
            return True
        return bool(body.data)

    def _receive(self) -> int:
        data = self._connection.receive()
        self.silent = self.silent and not data
        self._protocol.receive_data(data)
        return len(data)

    def _end(self) -> None:
        """Make ready for the next request, unless the server wants to close or said too much."""
        if not self.open:
            return
        said, closed = self._protocol.trailing_data
        done = {self._protocol.our_state, self._protocol.their_state} == {h11.DONE}
        if said or closed or not done:
            self.close()
        else:
            self._protocol.start_next_cycle()


@lru_cache(maxsize=1)
def tolerant() -> ssl.SSLContext:
    """Accept any certificate, version and cipher: they are judged elsewhere."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    return context
