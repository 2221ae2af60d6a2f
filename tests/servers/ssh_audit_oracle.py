"""What ssh-audit, an independent scanner, says of SSH servers, and why we sometimes differ."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from auditor.model.fact import Json
from auditor.probe.ssh_server_names import Use, exchanges

PROGRAM = os.environ.get("SSH_AUDIT") or shutil.which(
    "ssh-audit", path=str(Path(sys.executable).parent)
)
"""The release from PyPI; Debian's 2.5 gives no verdicts as JSON and knows nothing of Terrapin."""
LISTS = {Use.KEX: "kex", Use.HOST_KEY: "key", Use.CIPHER: "enc", Use.MAC: "mac"}
FIELDS = {
    Use.KEX: "kex",
    Use.HOST_KEY: "host_key_algorithms",
    Use.CIPHER: "ciphers",
    Use.MAC: "macs",
}


class Verdict(msgspec.Struct, frozen=True):
    """A verdict on one algorithm of one server: "ok", "warn" or "fail", and its reasons."""

    word: str
    reasons: tuple[str, ...] = ()


class Theirs(msgspec.Struct, frozen=True):
    """What ssh-audit says of one server."""

    algorithms: Mapping[Use, Mapping[str, Verdict]]
    compression: tuple[str, ...]
    fingerprints: frozenset[tuple[str, str]]
    rsa_bits: int | None
    banner: str


class Difference(msgspec.Struct, frozen=True, order=True):
    """An algorithm that only one of us finds fault with; `why` is "" where nothing explains it."""

    use: str
    name: str
    theirs: str
    ours: str
    why: str


POST_QUANTUM = "does not provide protection against post-quantum attacks"
EXPLAINED: Mapping[str, str] = {
    POST_QUANTUM: "asked of the server as a whole by ssh-server.kex-post-quantum (info)",
    "using elliptic curves that are suspected as being backdoored by the U.S. National Security "
    "Agency": "a suspicion without a known attack; FIPS 186-5 keeps these curves",
    "using weak random number generator could reveal the key": "true of ECDSA wherever it is used; "
    "it says nothing of this server",
    "2048-bit modulus only provides 112-bits of symmetric strength": "2048 bits are allowed until "
    "2030 (NIST SP 800-57); a policy raises it for the group of the server's choice",
    "using broken SHA-1 hash algorithm": "in an HMAC: no attack on HMAC with SHA-1 is known",
    "using encrypt-and-MAC mode": "asked by ssh-server.macs-etm (low)",
    "vulnerable to the Terrapin attack (CVE-2023-48795), allowing message prefix truncation": ""
    "asked of the server as a whole by ssh-server.terrapin",
    "using small 1024-bit modulus": "in a host key: asked of the key by ssh-server.host-key-size",
}
"""ssh-audit's reason → why the list of weak algorithms does not hold it."""


def look(ports: Iterable[int]) -> dict[int, Theirs]:
    """Ask ssh-audit about each port of 127.0.0.1; it gets no time for its rate tests."""
    with ThreadPoolExecutor(2) as pool:
        wanted = list(ports)
        return dict(zip(wanted, pool.map(_look, wanted), strict=True))


def _look(port: int) -> Theirs:
    assert PROGRAM, "ssh-audit from PyPI is missing: it is a development dependency"
    done = subprocess.run(
        [PROGRAM, "-j", "--skip-rate-test", "-p", str(port), "127.0.0.1"],
        capture_output=True,
        text=True,
        check=False,
    )
    said = json.loads(done.stdout)
    shown = [f for f in said["fingerprints"] if f["hash_alg"] == "SHA256"]
    return Theirs(
        algorithms={use: _verdicts(use, said[name]) for use, name in LISTS.items()},
        compression=tuple(said["compression"]),
        fingerprints=frozenset((f["hostkey"], f"SHA256:{f['hash']}") for f in shown),
        rsa_bits=next((k["keysize"] for k in said["key"] if "rsa" in k["algorithm"]), None),
        banner=said["banner"]["raw"],
    )


def _verdicts(use: Use, rows: list[Json]) -> dict[str, Verdict]:
    found = {}
    for row in rows:
        notes = row.get("notes", {})
        word = next((word for word in ("fail", "warn") if notes.get(word)), "ok")
        reasons = tuple(notes.get("fail", [])) + tuple(notes.get("warn", []))
        found[row["algorithm"]] = Verdict(word, reasons)
    names = exchanges(found) if use is Use.KEX else found
    return {name: found[name] for name in names}


def differences(row: Mapping[str, Json], theirs: Theirs) -> list[Difference]:
    """Return what ssh-audit and a row of our probe disagree about, each with its explanation."""
    found = []
    for use, field in FIELDS.items():
        bad = {*row[f"weak_{field}"], *row[f"unknown_{field}"]}
        for name, verdict in theirs.algorithms[use].items():
            if (verdict.word != "ok") != (name in bad):
                ours = "weak" if name in bad else "ok"
                found.append(Difference(use.value, name, verdict.word, ours, _why(use, verdict)))
    return found


def _why(use: Use, verdict: Verdict) -> str:
    """Explain a verdict that is not ours; "" unless each of its reasons is explained."""
    told = [EXPLAINED.get(reason, "") for reason in verdict.reasons]
    if "using broken SHA-1 hash algorithm" in verdict.reasons and use is not Use.MAC:
        return ""
    return "; ".join(told) if told and all(told) else ""
