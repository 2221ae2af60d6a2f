"""What sslscan and testssl.sh, two scanners of others, say of a TLS server, in our words.

A `Verdicts` holds an answer for each question that a tool answers; it is silent on the rest.
`suites` are "VERSION SUITE", a set; the certificate is the one that the tool shows.
"""

import contextlib
import json
import re
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, TypeAlias

from auditor.probe.tls_suites import suite_name
from tests.servers.certificates import SITE

Verdicts: TypeAlias = Mapping[str, object]


class Server(NamedTuple):
    """A server to look at: its name says what is particular about it."""

    name: str
    port: int
    site: str = SITE
    starttls: str = ""
    address: str = "127.0.0.1"


QUESTIONS = (
    "versions",
    "suites",
    "weak suites",
    "forward secrecy",
    "DH bits",
    "groups",
    "curves",
    "days left",
    "name",
    "trusted",
    "order",
    "key",
    "signature",
    "compression",
    "secure renegotiation",
    "fallback refused",
    "order of the server",
    "OCSP staple",
    "heartbleed",
)

VERSIONS = ("SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3")
SSLSCAN_SECONDS, TESTSSL_SECONDS = 60, 300


def exchange(suites: Iterable[tuple[str, str]]) -> Verdicts:
    """Return what follows from the key exchange of suites: (name, kind such as "DH 2048")."""
    found = list(suites)
    if not found:
        return {}
    bits = [int(size) for _, kind in found for size in re.findall(r"^DH\D*(\d+)", kind)]
    secret = all(re.match(r"(EC)?DH\b", kind) and "anon" not in name for name, kind in found)
    return {"forward secrecy": secret, **({"DH bits": min(bits)} if bits else {})}


def curves(groups: Iterable[str]) -> set[str]:
    """Return the elliptic curves among key exchange groups."""
    return {name for name in groups if re.fullmatch(r"x\d+|(secp|sect|brainpoolP)\w+", name)}


def sslscan(server: Server) -> Verdicts:
    """Run sslscan."""
    command = ["sslscan", "--xml=-", "--iana-names", "--show-certificate", "--no-colour"]
    command += ["--timeout=2", f"--sni-name={server.site}"]
    command += [f"--starttls-{server.starttls}"] if server.starttls else []
    command += [f"{server.address}:{server.port}"]
    run = subprocess.run(
        command, capture_output=True, check=True, timeout=SSLSCAN_SECONDS, text=True
    )
    return read_sslscan(run.stdout)


def read_sslscan(xml: str) -> Verdicts:
    """Read its XML."""
    test = ET.fromstring(xml[xml.index("<?xml") :]).find("ssltest")
    if test is None:
        return {}
    ciphers = [
        (c.get("sslversion"), suite_name(int(c.get("id"), 16)), c) for c in test.iter("cipher")
    ]
    kinds = [
        (
            name,
            f"DH {c.get('dhebits')}" if c.get("dhebits") else "ECDH" if c.get("curve") else "RSA",
        )
        for version, name, c in ciphers
        if any(c.get(field) for _, _, c in ciphers for field in ("dhebits", "curve"))
        or not re.search("DHE", name)
    ]
    found = {
        "versions": {
            _version(p.get("type"), p.get("version"))
            for p in test.iter("protocol")
            if p.get("enabled") == "1"
        },
        "suites": {f"{version} {name}" for version, name, _ in ciphers},
        "weak suites": any(
            c.get("strength") in {"null", "anonymous", "weak", "medium"} for _, _, c in ciphers
        ),
        **(exchange(kinds) if len(kinds) == len(ciphers) else {}),
        "groups": {
            g.get("name").partition(" ")[0]
            for g in test.iter("group")
            if g.get("sslversion") == "TLSv1.3"
        },
        "curves": curves(g.get("name").partition(" ")[0] for g in test.iter("group")),
        "heartbleed": any(h.get("vulnerable") == "1" for h in test.iter("heartbleed")),
    }
    if (renegotiation := test.find("renegotiation")) is not None:
        found["secure renegotiation"] = renegotiation.get("secure") == "1"
    if (fallback := test.find("fallback")) is not None:
        found["fallback refused"] = fallback.get("supported") == "1"
    if (compression := test.find("compression")) is not None:
        found["compression"] = compression.get("supported") == "1"
    shown = test.find("certificates/certificate[@type='short']")
    return found | _sslscan_certificate(shown)


def _version(kind: str, number: str) -> str:
    return f"SSLv{number}" if kind == "ssl" else f"TLSv{number}"


def _sslscan_certificate(shown: ET.Element | None) -> Verdicts:
    if shown is None or shown.find("not-valid-after") is None:
        return {}
    key = shown.find("pk")
    curves = {"prime256v1": 256, "secp384r1": 384, "secp521r1": 521}
    ends = shown.findtext("not-valid-after").replace("GMT", "+0000")
    return {
        "days left": days_left(datetime.strptime(ends, "%b %d %H:%M:%S %Y %z")),
        "key": f"{key.get('type')} {curves.get(key.get('curve_name'), key.get('bits'))}",
        "signature": _hash(shown.findtext("signature-algorithm")),
    }


def days_left(ends: datetime) -> int:
    """Return whole days from now."""
    return (ends - datetime.now(UTC)).days


def _hash(words: str) -> str:
    return re.search(r"(sha|md)-?\d+", words.lower())[0].replace("-", "")


TESTSSL_MINIMAL = ("-p", "-S", "-E")
TESTSSL_ALL = ("-p", "-s", "-S", "-P", "-E", "-C", "-R", "-Z", "-H")


def testssl(server: Server, root: Path, folder: Path, asked: Sequence[str]) -> Verdicts:
    """Run testssl.sh; its answers are kept in `folder`."""
    answers = folder / f"{server.port}.json"
    answers.unlink(missing_ok=True)
    command = ["testssl", "--quiet", "--color", "0", "--warnings", "off", "--ip", server.address]
    command += ["--nodns", "none", "--mapping", "iana", "--openssl-timeout", "5"]
    command += ["--connect-timeout", "5", "--add-ca", str(root), "--jsonfile", str(answers), *asked]
    command += ["-t", server.starttls] if server.starttls else []
    with contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(
            [*command, f"{server.site}:{server.port}"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,  # its exit code counts findings
            timeout=TESTSSL_SECONDS,
        )
    return read_testssl(answers.read_text(encoding="utf-8", errors="replace"))


_TESTSSL_VERSIONS = dict(
    zip(("SSLv3", "TLS1", "TLS1_1", "TLS1_2", "TLS1_3"), VERSIONS, strict=True)
)
_TESTSSL_CIPHERS = dict(zip(("ssl3", "tls1", "tls1_1", "tls1_2", "tls1_3"), VERSIONS, strict=True))


def read_testssl(text: str) -> Verdicts:
    """Read its flat JSON; that of a run that was cut ends in the middle."""
    rows = json.loads(text if text.rstrip().endswith("]") else text.rstrip().rstrip(",") + "]")
    by_id: dict[str, list[str]] = {}
    for row in rows:
        by_id.setdefault(re.sub(r" <.*", "", row["id"]), []).append(row["finding"])
    found: dict[str, object] = {
        "versions": {
            version
            for id_, version in _TESTSSL_VERSIONS.items()
            if by_id.get(id_, [""])[0].startswith("offered")
        }
    }
    suites = [
        (_TESTSSL_CIPHERS[kind], suite_name(int(code, 16)), words[0])
        for id_, words in by_id.items()
        for kind, code in re.findall(r"^cipher-(\w+?)_x(\w+)$", id_)
        if kind in _TESTSSL_CIPHERS
    ]
    found["suites"] = {f"{version} {name}" for version, name, _ in suites}
    if not (found["versions"] or found["suites"]):
        return {}
    found |= exchange((name, _key_exchange(words)) for _, name, words in suites)
    for question, id_, yes, no in _TESTSSL_YES:
        for words in by_id.get(id_, ())[:1]:
            if re.search(f"{yes}|{no}", words):
                found[question] = bool(re.search(yes, words))
    weak = [words[0] for id_, words in by_id.items() if id_ in _TESTSSL_WEAK]
    if weak:
        found["weak suites"] = any(words.startswith("offered") for words in weak)
    return found | _testssl_certificate(by_id)


_TESTSSL_WEAK = {f"cipherlist_{kind}" for kind in ("NULL", "aNULL", "EXPORT", "LOW", "3DES_IDEA")}

_TESTSSL_YES = (
    ("compression", "CRIME_TLS", "^VULNERABLE", "^not vulnerable"),
    ("secure renegotiation", "secure_renego", "^supported", "^VULNERABLE|^not supported"),
    ("fallback refused", "fallback_SCSV", "^supported", "^NOT supported"),
    ("heartbleed", "heartbleed", "^VULNERABLE", "^not vulnerable"),
    ("order of the server", "cipher_order", "^server", "^(?i:not a) "),
    ("OCSP staple", "OCSP_stapling", "^offered", "^not offered"),
)
"""Question, id, and what the words are like when the answer is yes and when it is no."""


def _key_exchange(words: str) -> str:
    """Take the third column of its line on a suite: "ECDH 253", "DH 2048", "RSA"."""
    return re.search(
        r"\b(ECDH|DH|RSA|PSK|KRB5|SRP)\S*(?:\s\d+)?", words.split("_", 1)[1].split(" ", 1)[1]
    )[0]


def _testssl_certificate(by_id: Mapping[str, Sequence[str]]) -> Verdicts:
    if "cert_keySize" not in by_id:
        return {}
    ends = (datetime.fromisoformat(end).replace(tzinfo=UTC) for end in by_id["cert_notAfter"])
    return {
        "days left": min(map(days_left, ends)),
        "key": " and ".join(re.search(r"\w+ \d+", words)[0] for words in by_id["cert_keySize"]),
        "signature": " and ".join(
            dict.fromkeys(_hash(words) for words in by_id["cert_signatureAlgorithm"])
        ),
        "name": all(words.startswith("Ok via SAN") for words in by_id["cert_trust"]),
        "trusted": all("passed" in words for words in by_id["cert_chain_of_trust"]),
        "order": by_id.get("certs_list_ordering_problem", [""])[0] == "no",
    }
