"""Why a tool says of a server of the fleet what we do not: every difference that is known."""

import re
from typing import NamedTuple, Protocol


class _Difference(Protocol):
    server: str
    question: str
    peer: str
    words: str


class Explained(NamedTuple):
    """A reason, and the differences that it explains: patterns of tool, question, server, words."""

    peer: str
    question: str
    server: str
    words: str
    reason: str

    def fits(self, difference: _Difference) -> bool:
        """Tell whether a difference is explained: every part of it must be."""
        parts = re.split(r", (?=[+-])", difference.words)
        return (
            re.fullmatch(self.peer, difference.peer) is not None
            and re.fullmatch(self.question, difference.question) is not None
            and re.fullmatch(self.server, difference.server) is not None
            and all(re.fullmatch(self.words, part) for part in parts)
        )


EXPLAINED = (
    Explained(
        "sslyze|testssl.sh", "key", "two certificates", r".*",
        "The tool lists both certificates. We judge both and tell of the one with graver faults.",
    ),
    Explained(
        "sslyze", "trusted", "another name", "True, not False",
        "sslyze counts the name as a part of trust. We answer it apart, under `name`.",
    ),
    Explained(
        "sslyze|testssl.sh", "trusted", "expired|not yet valid", "True, not False",
        "The tool counts the dates as a part of trust. We answer them apart, under `days left` and "
        "`valid now`.",
    ),
    Explained(
        "testssl.sh", "trusted", "SHA-1", "False, not True",
        "testssl.sh asks OpenSSL at a level that lets SHA-1 pass; we trust no path with a SHA-1 "
        "signature, as browsers do.",
    ),
    Explained(
        "sslscan", "suites", "SSL 3.0.*", r"\+SSLv3 .*",
        "sslscan 2.0.7 says that SSL 3.0 is enabled but looks at no suite of it: its OpenSSL "
        "cannot speak it.",
    ),
    Explained(
        "sslscan", "weak suites", "SSL 3.0 only", "True, not False",
        "As sslscan sees no suite of SSL 3.0, it sees no weak one.",
    ),
    Explained(
        "sslscan", "suites", "no secure renegotiation", r"\+TLSv1.[012] .*",
        "sslscan's OpenSSL 3 does not finish a connection to a server without secure "
        "renegotiation, and so sees no suite.",
    ),
    Explained(
        "sslscan", "secure renegotiation", ".*", "True, not False",
        "sslscan tries to renegotiate and calls it insecure where a server refuses to, as all of "
        "today do. We look at the extension of RFC 5746, as sslyze and testssl.sh do.",
    ),
    Explained(
        "sslyze", "suites", "postfix.*", r"\+TLSv1.2 TLS_DH_anon_WITH_CAMELLIA_\d+_CBC_SHA256",
        "sslyze knows no suite of DH_anon with Camellia and SHA-256; sslscan sees them too.",
    ),
    Explained(
        "sslscan|testssl.sh", "versions|suites|curves", "dovecot, no DH parameters", r"\+.*",
        "The server fails without a word where it would choose DHE; a tool that offers all suites "
        "at once takes that for a refusal of all that are left. sslyze, which asks for each suite, "
        "agrees with us.",
    ),
    Explained(
        "testssl.sh", "versions", "SSL 3.0 only", r"-TLSv1.2",
        "The server answers a hello of TLS 1.2 with SSL 3.0, which testssl.sh 3.0.8 takes for "
        "TLS 1.2; it names no suite of that version.",
    ),
    Explained(
        "sslyze|sslscan", "curves", "anonymous|no encryption", r"\+.*",
        "The curves are those of ECDHE without a certificate or without encryption, suites with "
        "which the tool looks for no curves.",
    ),
    Explained(
        "testssl.sh", "order of the server", "no encryption|anonymous", "False, not True",
        "testssl.sh tries orders with its OpenSSL, which offers none of the weak suites: one is "
        "left, and it is chosen in every order.",
    ),
    Explained(
        "testssl.sh", "DH bits", "DH 768", "768, not 2048",
        "testssl.sh names groups of RFC 7919, and tlslite-ng then takes ffdhe2048; any other "
        "client gets 768 bits.",
    ),
    Explained(
        "sslyze|sslscan", "suites", "slapd.*", r"\+TLSv1.[012] TLS_DHE_.*",
        "GnuTLS without parameters of its own serves DHE only to a client that names groups of "
        "RFC 7919. testssl.sh and we do, as today's clients do; the tool does not.",
    ),
)  # fmt: skip
