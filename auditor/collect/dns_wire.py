"""One question and its answer over UDP, and over TCP where the answer is too long for it."""

import os
import select
import socket

import dns.exception
import dns.flags
import dns.message
import dns.rdataclass
import dns.rdatatype
from dns.message import Message

from auditor.collect.dial import Connection, Deadline, Unreached
from auditor.model.fact import Why
from auditor.probe.dns_answer import named
from auditor.probe.dns_talk import Ask

PAYLOAD = 1232
"""Bytes of a UDP answer: what no network breaks apart (DNS Flag Day 2020)."""
MAX_STRAYS = 100
"""Packets that are no answer to the question, after which a server is not listened to."""
_LENGTH = 2
_UNREADABLE = (dns.exception.DNSException, ValueError, IndexError)


def question(ask: Ask) -> Message:
    """Return the message that asks; a resolver is asked to hold back nothing that is not valid."""
    try:
        name, kind = named(ask.name), dns.rdatatype.from_text(ask.kind)
    except ValueError as error:
        raise Unreached(Why.UNSUPPORTED, str(error)) from error
    message = dns.message.make_query(name, kind, use_edns=0, want_dnssec=True, payload=PAYLOAD)
    message.id = int.from_bytes(os.urandom(2), "big")
    message.flags = dns.flags.Flag(0) if ask.server else dns.flags.RD | dns.flags.CD
    return message


def exchange(query: Message, address: str, port: int, deadline: Deadline) -> Message:
    """Send a question and return its answer, or raise `Unreached`."""
    reply = _over_udp(query, address, port, deadline)
    if not reply.flags & dns.flags.TC:
        return reply
    with Connection(address, port, deadline) as line:
        stream = Stream(line)
        stream.send(query)
        reply = stream.receive(query)
    if reply.flags & dns.flags.TC:
        raise Unreached(Why.CUT, "the answer is cut short, over TCP too")
    return reply


def _over_udp(query: Message, address: str, port: int, deadline: Deadline) -> Message:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as line:
        line.settimeout(0)
        try:
            line.connect((address, port))
            line.send(query.to_wire())
            return _answer(query, line, deadline)
        except ConnectionRefusedError as error:
            raise Unreached(Why.REFUSED, f"{address} port {port}: connection refused") from error
        except OSError as error:
            raise Unreached(Why.UNREACHABLE, f"{address}: {error.strerror}") from error


def _answer(query: Message, line: socket.socket, deadline: Deadline) -> Message:
    """Wait for what answers the question; anything else that comes may be forged."""
    waiting = select.poll()
    waiting.register(line, select.POLLIN)
    strays = 0
    while strays < MAX_STRAYS:
        try:
            seconds = deadline.wait()
        except Unreached as error:
            if strays and error.why is Why.TIMEOUT:
                break
            raise
        if waiting.poll(seconds * 1000):
            reply = read(line.recv(65_535), query)
            if reply is not None:
                return reply
            strays += 1
    raise Unreached(Why.UNREADABLE, "what came back does not answer the question")


def read(data: bytes, query: Message) -> Message | None:
    """Return a message that answers the question, None of anything else."""
    try:
        reply = dns.message.from_wire(data, ignore_trailing=True, raise_on_truncation=False)
        return reply if query.is_response(reply) and reply.question else None
    except _UNREADABLE:
        return None


class Stream:
    """Messages over TCP, each with its length before it."""

    def __init__(self, line: Connection) -> None:
        self._line = line
        self._data = b""

    def send(self, query: Message) -> None:
        """Send a question."""
        data = query.to_wire()
        self._line.send(len(data).to_bytes(_LENGTH, "big") + data)

    def receive(self, query: Message) -> Message:
        """Return the next answer to a question, at most 64 kB long.

        Raises `Unreached`, which is `closed` where the server hung up instead of answering.
        """
        size = int.from_bytes(self._take(_LENGTH), "big")
        reply = read(self._take(size), query)
        if reply is None:
            raise Unreached(Why.UNREADABLE, "what came back does not answer the question")
        return reply

    def _take(self, size: int) -> bytes:
        while len(self._data) < size:
            try:
                more = self._line.receive()
            except Unreached as error:
                if not error.closed:
                    raise
                more = b""
            if not more:
                between = size == _LENGTH and not self._data
                raise Unreached(Why.CUT, "the connection ended before the answer", closed=between)
            self._data += more
        taken, self._data = self._data[:size], self._data[size:]
        return taken
