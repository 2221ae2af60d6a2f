"""What counts of a server that has several certificates, one for each kind of key."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from auditor.model.fact import GAP
from auditor.probe.base import Record

_GRAVE = ("trusted", "valid_now", "name_matches", "key_ok", "chain_complete", "days_left")
_BROKEN = ("md5", "sha1", "sha224")
"""Hashes of signatures, the weakest first; all others come after."""


def worst(records: Sequence[Record]) -> Record:
    """Return the record with the gravest fault, with the worse of each field that is judged.

    A field that one record lacks is missing: its own gap says why.
    """
    grave = min(
        records, key=lambda record: (GAP not in record, *(record.get(f, False) for f in _GRAVE))
    )
    found = {name: value for name, value in grave.items() if name not in _WORSE}
    for name, worse in _WORSE.items():
        if all(name in record for record in records):
            found[name] = worse(record[name] for record in records)
    return found


def _weakest(hashes: Iterable[str]) -> str:
    return min(hashes, key=lambda name: _BROKEN.index(name) if name in _BROKEN else len(_BROKEN))


def _every(lists: Iterable[Sequence[str]]) -> list[str]:
    return list(dict.fromkeys(chain.from_iterable(lists)))


_WORSE: Mapping[str, Callable[[Iterable[Any]], object]] = {
    **dict.fromkeys(("trusted", "valid_now", "name_matches", "key_ok", "chain_complete"), all),
    **dict.fromkeys(("san_present", "server_auth", "chain_ordered"), all),
    **dict.fromkeys(("self_signed", "snakeoil", "wildcard", "must_staple"), any),
    **dict.fromkeys(("days_left", "ct_scts"), min),
    "lifetime_days": max,
    "signature": _weakest,
    **dict.fromkeys(("names", "spkis"), _every),
}
