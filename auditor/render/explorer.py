"""All answers of a run, packed so small that the first page carries them: gzip in base64."""

import base64
import gzip

import msgspec

from auditor.model.base import Lang
from auditor.model.text import inert
from auditor.report import Summary

LONGEST = 200
"""Characters of a name; the whole one stands on the target's own page."""


def pack(summary: Summary, lang: Lang) -> str:
    """Return the matrix with the words that the page's script needs; "" where nothing was asked.

    `report.js` reads it: `checks` are [id, title, severity], `targets` are [id, name, OPD, letters]
    with one letter a check (`report.matrix.LETTERS`), `opds` gives each OPD's name.
    """
    matrix = summary.matrix
    if not matrix.rows or not matrix.checks:
        return ""
    checks = [summary.checks[name] for name in matrix.checks]
    rows = (row for row in summary.targets if row.target.id in matrix.rows)
    data = {
        "checks": [[c.id, c.title.in_(lang), c.severity] for c in checks],
        "opds": {row.opd.id: inert(row.opd.name[:LONGEST]) for row in summary.opds},
        "targets": [
            [r.target.id, inert(r.target.name[:LONGEST]), r.opd.id, matrix.rows[r.target.id]]
            for r in rows
        ],
    }
    return base64.b64encode(gzip.compress(msgspec.json.encode(data), 9, mtime=0)).decode()
