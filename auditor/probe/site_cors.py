"""Whom a site lets read what it shows a logged-in person: cross-origin resource sharing."""

from collections.abc import Mapping

from auditor.probe.base import Record
from auditor.probe.http_talk import Answer


def cors_record(answers: Mapping[str, Answer]) -> Record:
    """Return the `cors` record; `answers` by the origin that asked.

    `trusted`: "foreign", "null" or "any" where credentials go along.
    """
    trusted: set[str] = set()
    anyone = False
    for origin, answer in answers.items():
        allowed = answer.value("access-control-allow-origin").strip()
        with_credentials = answer.value("access-control-allow-credentials").strip() == "true"
        anyone = anyone or allowed in {"*", origin}
        if with_credentials and allowed == "*":
            trusted.add("any")
        elif with_credentials and allowed == origin:
            trusted.add("null" if origin == "null" else "foreign")
    return {"anyone": anyone, "trusted": sorted(trusted)}
