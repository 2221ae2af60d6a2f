"""The words in clear that lead to TLS: SMTP, IMAP, POP3 and FTP, and the choice of a protocol.

Sources: SMTP RFC 5321 and RFC 3207, IMAP RFC 9051, POP3 RFC 2449 and RFC 2595, FTP RFC 4217.
"""

import re
from collections.abc import Callable, Mapping

from auditor.probe.starttls_binary import ldap, mysql, postgresql, rdp
from auditor.probe.starttls_words import Declined, Step, Words, shown
from auditor.probe.tls import StartTls

CALLER = "auditor.invalid"
"""The name that we greet a mail server with."""
_REPLY = re.compile(r"([2-5][0-9][0-9])([ -]|$)(.*)", re.ASCII | re.DOTALL)
_UNKNOWN_COMMAND = frozenset({500, 502})


def talk(protocol: StartTls) -> Step[bytes]:
    """Speak up to the go-ahead for TLS and return what came behind it, which nothing should.

    Raises `Declined` where the server offers no TLS, and `Unseen` where that stays open.
    """
    words = Words(protocol)
    yield from _TALKS[protocol](words)
    return words.rest


def _smtp(words: Words) -> Step[None]:
    code, said = yield from _reply(words)
    if code != 220:  # noqa: PLR2004
        raise words.denied(f"{code} {said[-1]}")
    yield f"EHLO {CALLER}\r\n".encode()
    code, said = yield from _reply(words)
    if code in _UNKNOWN_COMMAND:
        raise Declined("the server knows no EHLO")
    if code != 250:  # noqa: PLR2004
        raise words.denied(f"{code} {said[-1]}")
    if not any(line.strip().upper() == "STARTTLS" for line in said[1:]):
        raise Declined("STARTTLS is not in the answer to EHLO")
    yield b"STARTTLS\r\n"
    code, said = yield from _reply(words)
    if code != 220:  # noqa: PLR2004
        raise words.denied(f"STARTTLS: {code} {said[-1]}")


def _ftp(words: Words) -> Step[None]:
    code, said = yield from _reply(words, loose=True)
    if code != 220:  # noqa: PLR2004
        raise words.denied(f"{code} {said[-1]}")
    yield b"AUTH TLS\r\n"
    code, said = yield from _reply(words, loose=True)
    if code >= 500:  # noqa: PLR2004
        raise Declined(f"AUTH TLS is answered with {code} {shown(said[-1])}".rstrip())
    if code != 234:  # noqa: PLR2004
        raise words.denied(f"AUTH TLS: {code} {said[-1]}")


def _reply(words: Words, *, loose: bool = False) -> Step[tuple[int, list[str]]]:
    """Read a reply of one or more lines: its code and texts.

    `loose`: lines between the first and the last may be anything, as in FTP.
    """
    first = _REPLY.fullmatch((yield from words.line()))
    if not first:
        raise words.strange()
    code, mark, text = first.groups()
    said = [text]
    while mark == "-":
        line = yield from words.line()
        found = _REPLY.fullmatch(line)
        same = found is not None and found[1] == code
        if found is not None and same:
            mark, line = found[2], found[3]
        elif not loose:
            raise words.strange()
        said.append(line)
    return int(code), said


def _imap(words: Words) -> Step[None]:
    greeting = (yield from words.line()).upper().split()[:2]
    if greeting == ["*", "PREAUTH"]:
        raise Declined("the server takes every caller as logged in, which rules out STARTTLS")
    if greeting == ["*", "BYE"]:
        raise words.denied("BYE")
    if greeting != ["*", "OK"]:
        raise words.strange()
    yield b"a1 CAPABILITY\r\n"
    status, lines = yield from _tagged(words, "A1")
    if status != "OK":
        raise words.denied(f"CAPABILITY: {status}")
    offers = [line for line in lines if line[:2] == ["*", "CAPABILITY"]]
    if not offers:
        raise words.strange()
    if not any("STARTTLS" in line[2:] for line in offers):
        raise Declined("STARTTLS is not in the answer to CAPABILITY")
    yield b"a2 STARTTLS\r\n"
    status, _ = yield from _tagged(words, "A2")
    if status != "OK":
        raise words.denied(f"STARTTLS: {status}")


def _tagged(words: Words, tag: str) -> Step[tuple[str, list[list[str]]]]:
    """Read up to the line with a tag: its status, and the words of the lines before it."""
    lines: list[list[str]] = []
    while True:
        line = (yield from words.line()).upper().split()
        if line[:1] == [tag]:
            status = line[1] if len(line) > 1 else ""
            if status not in {"OK", "NO", "BAD"}:
                raise words.strange()
            return status, lines
        if line[:1] != ["*"]:
            raise words.strange()
        lines.append(line)


def _pop3(words: Words) -> Step[None]:
    if not (yield from _agreed(words)):
        raise words.denied("-ERR")
    yield b"CAPA\r\n"
    listed = yield from _agreed(words)
    offers = (yield from _block(words)) if listed else []
    if listed and "STLS" not in offers:
        raise Declined("STLS is not in the answer to CAPA")
    yield b"STLS\r\n"
    if not (yield from _agreed(words)):
        if listed:
            raise words.denied("STLS: -ERR")
        raise Declined("the server knows neither CAPA nor STLS")


def _agreed(words: Words) -> Step[bool]:
    """Read the line that says whether the server agrees."""
    status = (yield from words.line()).partition(" ")[0].upper()
    if status not in {"+OK", "-ERR"}:
        raise words.strange()
    return status == "+OK"


def _block(words: Words) -> Step[list[str]]:
    """Read lines up to a lone dot."""
    lines: list[str] = []
    while (line := (yield from words.line())) != ".":
        lines.append(line.strip().upper())
    return lines


_TALKS: Mapping[StartTls, Callable[[Words], Step[None]]] = {
    StartTls.SMTP: _smtp,
    StartTls.IMAP: _imap,
    StartTls.POP3: _pop3,
    StartTls.FTP: _ftp,
    StartTls.LDAP: ldap,
    StartTls.POSTGRESQL: postgresql,
    StartTls.MYSQL: mysql,
    StartTls.RDP: rdp,
}
