"""A list of servers as offices keep it: CSV with Indonesian or English headings."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from auditor.errors import ConfigError
from auditor.load.importing.rows import Row, Sheet, cell, identifier
from auditor.load.yaml import read_text

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "kode", "kode server", "id server"),
    "name": ("nama server", "nama perangkat", "nama host", "nama", "hostname", "server", "host"),
    "address": ("alamat ip", "ip", "ip address", "alamat", "ip server", "address", "ip publik"),
    "opd": ("opd", "nama opd", "perangkat daerah", "dinas", "skpd", "instansi", "pemilik"),
    "zone": ("zona", "segmen", "zone"),
    "roles": ("peran", "role", "roles"),
    "sites": ("situs", "website", "url", "alamat situs", "domain", "nama domain", "sites"),
    "ports": ("port", "ports", "port terbuka"),
    "ssh_user": ("user ssh", "akun ssh", "pengguna ssh", "ssh user"),
    "ssh_port": ("port ssh", "ssh port"),
    "jump": ("server perantara", "jump", "bastion"),
    "category": ("kategori se", "kategori", "kategori sistem elektronik"),
}
"""Field → headings that mean it, in small letters."""

ROWS_BEFORE = 30
"""Rows in which the headings are looked for: titles and blank rows may come before."""
_FIELDS = {heading: field for field, headings in HEADINGS.items() for heading in headings}
_LEAST = 2
_SPLIT = re.compile(r"[\s,;|]+")
_SITE = re.compile(r"(?:[a-z]+://)?([^/:?#]+)", re.IGNORECASE)


def read_spreadsheet(path: Path) -> Sheet:
    """Read a CSV file; its headings stand in the first row that has two known ones."""
    text = read_text(path)
    try:
        found = [
            (len(columns), rows, columns)
            for delimiter in (";", ",", "\t")
            for rows, columns in [_headed(text, delimiter)]
        ]
    except csv.Error as error:
        raise ConfigError(str(path), f"is no CSV: {error}", hint="save it as CSV UTF-8") from error
    known, rows, columns = max(found, key=lambda one: one[0])
    if known < _LEAST:
        hint = "the first row needs headings such as Nama Server; Alamat IP; OPD"
        raise ConfigError(str(path), "has no row with known headings", hint=hint)
    if "address" not in columns:
        hint = f"one of: {', '.join(HEADINGS['address'])}"
        raise ConfigError(str(path), "has no column with addresses", hint=hint)
    return Sheet(str(path), tuple(_rows(str(path), rows, columns)))


def _headed(text: str, delimiter: str) -> tuple[list[tuple[int, list[str]]], dict[str, int]]:
    """Return the rows below the headings with their lines, and the column of each field."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows = [(reader.line_num, row) for row in reader]
    for number, (_, row) in enumerate(rows[:ROWS_BEFORE]):
        columns: dict[str, int] = {}
        for column, heading in enumerate(row):
            field = _FIELDS.get(" ".join(heading.casefold().replace("_", " ").split()))
            if field is not None:
                columns.setdefault(field, column)
        if len(columns) >= _LEAST:
            return rows[number + 1 :], columns
    return [], {}


def _rows(
    path: str, rows: list[tuple[int, list[str]]], columns: Mapping[str, int]
) -> Iterator[Row]:
    for line, row in rows:
        said = {field: cell(row[column]) for field, column in columns.items() if column < len(row)}
        said = {field: text for field, text in said.items() if text}
        if said:
            values = _values(path, line, said)
            yield Row(values=values, owners=[[said.get("opd", "")]], line=line)


def _values(path: str, line: int, said: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": identifier(said.get("id") or said.get("name") or said.get("address", "")),
        "address": said.get("address", ""),
    }
    if not values["address"]:
        raise ConfigError(path, f"{values['id']}: has no address", line=line)
    for field in ("name", "zone"):
        if field in said:
            values[field] = said[field] if field == "name" else identifier(said[field])
    values |= {field: _LISTS[field](_words(said[field])) for field in _LISTS if field in said}
    if "category" in said:
        values["tags"] = {"kategori_se": said["category"].lower()}
    if ssh := _ssh(path, line, said):
        values["ssh"] = ssh
    return values


_LISTS: Mapping[str, Callable[[list[str]], list[str]]] = {
    "roles": lambda words: [role for word in words if (role := identifier(word))],
    "sites": lambda words: [m[1].lower() for word in words if (m := _SITE.match(word))],
    "ports": lambda words: [w.lower() if "/" in w else f"{w}/tcp" for w in words],
}


def _words(text: str) -> list[str]:
    return [word for word in _SPLIT.split(text) if word]


def _ssh(path: str, line: int, said: Mapping[str, str]) -> dict[str, Any]:
    ssh: dict[str, Any] = {}
    if "ssh_user" in said:
        ssh["user"] = said["ssh_user"]
    if "ssh_port" in said:
        ssh["port"] = number(path, line, said["ssh_port"])
    if "jump" in said:
        ssh["jump"] = said["jump"]
    return ssh


def number(path: str, line: int, text: str) -> int:
    """Return a port's number; raises `ConfigError`."""
    if not re.fullmatch(r"[0-9]{1,5}", text):
        raise ConfigError(path, f"{text!r} is no port", line=line)
    return int(text)
