"""The tables of `feeds.db`."""

from collections.abc import Mapping

FORMAT = 2
"""Raised with every change of the tables or of version keys: an older file is fetched anew."""

TABLES = """
CREATE TABLE feed (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    date TEXT NOT NULL,
    distribution TEXT NOT NULL,
    release TEXT NOT NULL,
    valid_until TEXT,
    fetched TEXT,
    trust TEXT NOT NULL,
    verified_by TEXT NOT NULL,
    source TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    validator TEXT NOT NULL
);
CREATE TABLE entry (
    feed INTEGER NOT NULL,
    package TEXT NOT NULL,
    fixkey BLOB NOT NULL,
    version TEXT NOT NULL,
    source TEXT NOT NULL,
    since TEXT,
    PRIMARY KEY (feed, package)
) WITHOUT ROWID;
CREATE TABLE notice (
    feed INTEGER NOT NULL,
    id INTEGER NOT NULL,
    advisory TEXT NOT NULL,
    issued TEXT,
    cves TEXT NOT NULL,
    PRIMARY KEY (feed, id)
) WITHOUT ROWID;
CREATE TABLE fix (
    feed INTEGER NOT NULL,
    package TEXT NOT NULL,
    fixkey BLOB NOT NULL,
    notice INTEGER NOT NULL,
    state TEXT NOT NULL,
    version TEXT NOT NULL,
    pocket TEXT NOT NULL,
    stream TEXT NOT NULL,
    note TEXT NOT NULL,
    inferred INTEGER NOT NULL,
    PRIMARY KEY (feed, package, fixkey, notice, state, version, pocket, stream, note, inferred)
) WITHOUT ROWID;
CREATE TABLE support (
    feed INTEGER NOT NULL,
    package TEXT NOT NULL,
    ended TEXT,
    limited INTEGER NOT NULL,
    note TEXT NOT NULL
);
CREATE INDEX support_feed ON support (feed);
CREATE TABLE exploited (
    feed INTEGER NOT NULL,
    cve TEXT NOT NULL,
    added TEXT NOT NULL,
    ransomware INTEGER NOT NULL,
    PRIMARY KEY (feed, cve)
) WITHOUT ROWID;
CREATE TABLE likelihood (
    feed INTEGER NOT NULL,
    cve TEXT NOT NULL,
    epss REAL NOT NULL,
    percentile REAL NOT NULL,
    PRIMARY KEY (feed, cve)
) WITHOUT ROWID;
CREATE TABLE impact (
    feed INTEGER NOT NULL,
    cve TEXT NOT NULL,
    automatable INTEGER,
    total INTEGER,
    cvss REAL,
    vector TEXT NOT NULL,
    PRIMARY KEY (feed, cve)
) WITHOUT ROWID;
CREATE TABLE release (
    feed INTEGER NOT NULL,
    distribution TEXT NOT NULL,
    version TEXT NOT NULL,
    codename TEXT NOT NULL,
    released TEXT,
    eol TEXT,
    eol_lts TEXT,
    eol_extended TEXT,
    PRIMARY KEY (feed, distribution, version)
) WITHOUT ROWID;
CREATE TABLE bundle (date TEXT NOT NULL, key TEXT NOT NULL, imported TEXT NOT NULL);
"""
"""Written beside the file in use and renamed over it, so that no journal is needed.

SQLite compares BLOBs byte by byte: `fixkey > ?` is the order of versions; `UNFIXED` is above all.
A notice's `cves` are separated by spaces. Ids of notices count within their feed.
"""
UNFIXED = b"\xff"

FEED = (
    "INSERT INTO feed VALUES (:id, :name, :kind, :date, :distribution, :release, :valid_until, "
    ":fetched, :trust, :verified_by, :source, :sha256, :size, :rows, :validator)"
)
INSERTS: Mapping[str, str] = {
    "entry": "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)",
    "notice": "INSERT INTO notice VALUES (?, ?, ?, ?, ?)",
    "fix": "INSERT OR IGNORE INTO fix VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    "support": "INSERT INTO support VALUES (?, ?, ?, ?, ?)",
    "exploited": "INSERT OR REPLACE INTO exploited VALUES (?, ?, ?, ?)",
    "likelihood": "INSERT OR REPLACE INTO likelihood VALUES (?, ?, ?, ?)",
    "impact": "INSERT OR REPLACE INTO impact VALUES (?, ?, ?, ?, ?, ?)",
    "release": "INSERT OR REPLACE INTO release VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
}
COLUMNS: Mapping[str, str] = {
    "entry": "package, fixkey, version, source, since",
    "notice": "id, advisory, issued, cves",
    "fix": "package, fixkey, notice, state, version, pocket, stream, note, inferred",
    "support": "package, ended, limited, note",
    "exploited": "cve, added, ransomware",
    "likelihood": "cve, epss, percentile",
    "impact": "cve, automatable, total, cvss, vector",
    "release": "distribution, version, codename, released, eol, eol_lts, eol_extended",
}
"""Of each table of rows, all but the feed."""
ROWS = tuple(name for name in COLUMNS if name != "notice")
"""Tables whose rows count as a feed's."""
