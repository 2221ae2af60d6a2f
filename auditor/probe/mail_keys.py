"""Ask for the keys that sign a domain's mail: selectors of the inventory, and usual ones."""

from auditor.model.fact import GAP, Why
from auditor.probe.base import Record, Unseen
from auditor.probe.dns_names import absent
from auditor.probe.dns_talk import Talk, gap, look_up
from auditor.probe.mail_dkim import is_dkim, parse_dkim

USUAL = ("default", "google", "selector1", "selector2", "s1", "s2", "mail", "dkim", "k1", "zoho")
MAX_SELECTORS = 10
"""Selectors of the inventory that are asked for."""


def keys(domain: str, selectors: tuple[str, ...]) -> Talk[Record]:
    """Return the DKIM facts; without a key and without a known selector nothing was seen."""
    base = f"_domainkey.{domain}"
    top = yield from look_up(base, "TXT")
    stray = (yield from look_up(f"{absent(domain)}.{base}", "TXT")).texts() if top.exists else []
    every = tuple(dict.fromkeys(selectors))
    known = every[:MAX_SELECTORS]
    usual = [word for word in USUAL if word not in known] if top.exists else []
    rows: list[Record] = []
    for selector in (*known, *usual):
        row = yield from _key(selector, base, frozenset(stray), known=selector in known)
        if row.get("known") or row.get("present"):
            rows.append(row)
    cut = {"why": Why.CUT, "detail": f"more than {MAX_SELECTORS} selectors are not asked for"}
    rows += ({"selector": one, "known": True, GAP: cut} for one in every[MAX_SELECTORS:])
    found = sum(row.get("bits", 0) > 0 for row in rows)
    unseen = [row[GAP] for row in rows if GAP in row]
    if found or (known and not unseen):
        return {"keys": rows, "found": found}
    detail = "its selectors are not known, and no usual one has a key: write dkim: in the inventory"
    return {"keys": rows, GAP: unseen[0] if unseen else {"why": Why.NO_DATA, "detail": detail}}


def _key(selector: str, base: str, stray: frozenset[str], *, known: bool) -> Talk[Record]:
    row: Record = {"selector": selector, "known": known}
    try:
        answer = yield from look_up(f"{selector}.{base}", "TXT")
    except Unseen as error:
        return {**row, GAP: gap(error)}
    texts = [text for text in answer.texts() if text not in stray and is_dkim(text)]
    if not texts:
        return {**row, "present": False, "revoked": False}
    key = parse_dkim(texts[0])
    errors = [*key.errors, *(["several records"] if len(texts) > 1 else [])]
    return {
        **row,
        "present": True,
        "type": key.kind,
        "bits": key.bits,
        "revoked": key.revoked,
        "testing": key.testing,
        "sha1_only": key.sha1_only,
        "errors": errors,
    }
