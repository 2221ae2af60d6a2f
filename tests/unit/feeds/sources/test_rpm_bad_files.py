"""What sites may send in place of lists of rpm and apk packages: none is taken, hangs or grows."""

import gzip
import io
import json
import lzma
import tarfile
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from auditor.feeds.sources import (
    Unreadable,
    almalinux,
    almalinux_osv,
    alpine,
    csaf,
    redhat_vex,
    suse_vex,
    updateinfo,
)

SAMPLES = Path("tests/data/feeds")
LAB = Path("tests/lab/data")
ALL = {
    *(("almalinux", release) for release in ("8", "9", "10")),
    *(("rhel", release) for release in ("7", "8", "9")),
    ("rocky", "8"),
    ("sles", "15.4"),
    ("sles", "15.5"),
    ("opensuse-leap", "15.5"),
    ("alpine", "3.19"),
}
MIB = 2**20


def tarred(folder):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:xz", preset=1) as tar:
        tar.add(SAMPLES / folder, arcname="vex/2030")
    return out.getvalue()


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def osv_zip():
    return zipped({f.name: f.read_bytes() for f in (SAMPLES / "almalinux-osv").iterdir()})


GOOD = {
    "errata list": (almalinux, (SAMPLES / "almalinux-errata-9.json").read_bytes),
    "errata object": (almalinux, (SAMPLES / "almalinux-errata-8.json").read_bytes),
    "osv": (almalinux_osv, osv_zip),
    "osv reduced": (
        almalinux_osv,
        (LAB / "almalinux-osv-2026-08-21.json.xz").read_bytes,
    ),
    "rocky": (updateinfo, (SAMPLES / "rocky-updateinfo.xml").read_bytes),
    "suse": (
        updateinfo,
        lambda: gzip.compress((SAMPLES / "suse-updateinfo.xml").read_bytes()),
    ),
    "redhat vex": (redhat_vex, lambda: tarred("redhat-vex")),
    "suse vex": (suse_vex, lambda: tarred("suse-vex")),
    "alpine": (alpine, (SAMPLES / "alpine-main.json").read_bytes),
}
ARCHIVES = {
    almalinux_osv: "ALSA-2030-1.json",
    redhat_vex: "2030/cve-2030-1.json",
    suse_vex: "cve-2030-1.json",
}
READERS = sorted({module for module, _ in GOOD.values()}, key=lambda m: m.__name__)
short = {"ids": lambda m: m.__name__.rpartition(".")[2]}
every = pytest.mark.parametrize("module", READERS, **short)
archived = pytest.mark.parametrize("module", ARCHIVES, **short)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "feed"


def read(module, path, data):
    path.write_bytes(data)
    return list(module.read(path, ALL))


@pytest.mark.parametrize("name", GOOD)
def test_the_good_file_is_read(name, path):
    module, make = GOOD[name]
    assert len(read(module, path, make())) > 2


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("keep", [0, 1, 7, 0.3, 0.6, 0.97])
def test_a_cut_file_is_refused(name, path, keep):
    module, make = GOOD[name]
    data = make()
    with pytest.raises(Unreadable):
        read(module, path, data[: int(len(data) * keep) if isinstance(keep, float) else keep])


WRONG = {
    "page": b"<!DOCTYPE html><html><body>Log in first</body></html>",
    "page without a document type": b"<html><body>Log in first</body></html>",
    "list": b"[]",
    "list of lists": b"[[]]",
    "empty object": b"{}",
    "number": b"7",
    "error": b'{"message": {"rate limit": {"exceeded": {}}}}',
    "texts": b'{"data": "x", "advisories": "y", "packages": 7, "distroversion": "v3.19"}',
    "nothing in it": b'{"data": [], "advisories": {}, "fixed": {}, "packages": [],'
    b' "distroversion": "v3.19"}',
    "NaN": b'{"data": NaN}',
    "deep": b'{"a": ' * 50_000,
    "deep lists": b"[" * 100_000,
    "zeros": bytes(4096),
    "gzip of nothing": gzip.compress(b""),
    "xz of a page": lzma.compress(b"<html>"),
    "not UTF-8": b'{"a\xe9": {}}',
    "other archive": zipped({"readme.txt": b"hello"}),
    "empty archive": zipped({}),
}


@every
@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_another_thing_is_refused(module, path, wrong):
    with pytest.raises(Unreadable):
        read(module, path, WRONG[wrong])


@archived
@pytest.mark.parametrize("wrong", ["page", "list", "empty object", "NaN", "deep", "not UTF-8"])
def test_a_file_of_an_archive_that_is_another_thing_is_refused(module, path, wrong):
    name = ARCHIVES[module]
    with pytest.raises(Unreadable, match=r"2030-1\.json"):
        read(module, path, zipped({name: WRONG[wrong]}))


@every
def test_a_bomb_is_refused_in_little_memory(module, path, monkeypatch):
    for holder in (module, csaf):
        for name in ("LIMIT", "TOTAL_LIMIT", "MEMBER_LIMIT", "UPDATE_LIMIT"):
            if hasattr(holder, name):
                monkeypatch.setattr(holder, name, MIB)
    for start in (b"{ ", b"<updates>\n", b"[a", b"\0", b"<updates><update>x"):
        bomb = lzma.compress(start + start[-1:] * 40 * MIB, preset=0)
        tracemalloc.start()
        with pytest.raises(Unreadable):
            read(module, path, bomb)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 16 * MIB


@archived
def test_a_member_of_an_archive_larger_than_its_limit_is_refused(module, path, monkeypatch):
    monkeypatch.setattr(module if module is almalinux_osv else csaf, "MEMBER_LIMIT", MIB)
    big = b'{"id": "' + b"x" * 2 * MIB + b'"}'
    with pytest.raises(Unreadable, match="larger than"):
        read(module, path, zipped({ARCHIVES[module]: big}))


def test_a_folder_of_documents_is_bounded_too(tmp_path, monkeypatch):
    for number in range(3):
        (tmp_path / f"cve-2030-{number}.json").write_bytes(b"{}")
    monkeypatch.setattr(csaf, "COUNT_LIMIT", -1)
    with pytest.raises(Unreadable, match="more than"):
        list(redhat_vex.read(tmp_path, ALL))
    monkeypatch.undo()
    (tmp_path / "cve-2030-0.json").unlink()
    (tmp_path / "cve-2030-0.json").symlink_to("/dev/zero")
    with pytest.raises(Unreadable, match=r"cve-2030-1\.json"):
        list(redhat_vex.read(tmp_path, ALL))


ENTITIES = '<!DOCTYPE u [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
UPDATE = (
    '<update type="security"><id>RLSA-2030:1</id><issued date="2025-01-01"/><references/>'
    '<pkglist><collection><package name="bash" epoch="0" version="5" release="1.el8"'
    ' arch="x86_64"/></collection></pkglist></update>'
)


def updates(*inner, start=""):
    return f"{start}<updates>{''.join(inner)}</updates>".encode()


@pytest.mark.parametrize(
    "data",
    [
        updates(UPDATE, start=ENTITIES),
        updates(UPDATE, start='<!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        updates(UPDATE, start='<!DOCTYPE u SYSTEM "http://example.invalid/u.dtd">'),
        updates("<update>&a;</update>"),
        updates(UPDATE.replace("RLSA-2030:1", "")),
        updates(UPDATE.replace("<id>RLSA-2030:1</id>", "")),
        updates(UPDATE.replace('"bash"', '"../bash"')),
        updates(UPDATE.replace('name="bash"', "")),
        updates(UPDATE.replace('epoch="0"', 'epoch="-1"')),
        updates(UPDATE.replace('version="5"', 'version="5 6"')),
        updates(UPDATE.replace('version="5"', "")),
        updates(UPDATE.replace("1.el8", "1;reboot")),
        updates(UPDATE.replace("1.el8", "1")),
        updates(UPDATE.replace("2025-01-01", "soon")),
        updates(UPDATE.replace("2025-01-01", "99999999999999999999")),
        updates(UPDATE.replace("2025-01-01", "0001-01-01")),
        updates(UPDATE.replace("<collection>", '<collection><module name="a b" stream="1"/>')),
        updates(UPDATE.replace("RLSA-2030:1", "SUSE-nonsense")),
        updates(UPDATE.replace(' date="2025-01-01"', "")),
        updates(),
        updates() + b"<more/>",
        updates(UPDATE.replace("<references/>", "<a>" * 300_000 + "</a>" * 300_000)),
        updates("<a>" * 300_000 + "</a>" * 300_000),
    ],
)
def test_updateinfo_with_wrong_values_is_refused(path, data):
    with pytest.raises(Unreadable):
        read(updateinfo, path, data)


def test_an_advisory_without_end_is_refused(path, monkeypatch):
    monkeypatch.setattr(updateinfo, "UPDATE_LIMIT", MIB)
    with pytest.raises(Unreadable, match="too large"):
        read(updateinfo, path, updates(UPDATE, "<update>" + "x" * 2 * MIB + "</update>"))


def erratum(**change):
    told = {
        "updateinfo_id": "ALSA-2030:1",
        "type": "security",
        "issued_date": {"$date": 1735776000000},
        "pkglist": {"packages": [package()]},
    }
    return json.dumps([{**told, **change}]).encode()


def package(**change):
    return {"name": "bash", "epoch": "0", "version": "5", "release": "1.el9", **change}


def packages(**change):
    return {"packages": [package(**change)]}


@pytest.mark.parametrize(
    "data",
    [
        erratum(updateinfo_id=""),
        erratum(type=7),
        erratum(issued_date=None),
        erratum(issued_date={"$date": "soon"}),
        erratum(issued_date={}),
        erratum(issued_date={"$date": 10**18}),
        erratum(issued_date=-5),
        erratum(pkglist="x"),
        erratum(pkglist=[]),
        erratum(pkglist=packages(release="1")),
        erratum(pkglist=packages(name="<b>")),
        erratum(pkglist=packages(version="1\x1b[2J")),
        erratum(pkglist=packages(epoch="x")),
        erratum(pkglist=packages(version="a-b")),
        erratum(pkglist=packages(module="no\nde:20")),
        erratum(modules=[{"name": "a b", "stream": "1"}]),
    ],
)
def test_errata_with_wrong_values_are_refused(path, data):
    with pytest.raises(Unreadable):
        read(almalinux, path, data)


def reduced(day="2026-01-01", fixed="1-2.el9", release="AlmaLinux:9", name="bash"):
    advisories = {"ALSA-2030:1": [day, "Low", ["CVE-2030-1000"]]}
    fixes = {release: {name: [[fixed, "ALSA-2030:1"]]}}
    return {"advisories": advisories, "fixed": fixes}


@pytest.mark.parametrize(
    "whole",
    [
        reduced(day="soon"),
        reduced(fixed="1-2-3:4"),
        reduced(fixed=""),
        reduced(release="AlmaLinux"),
        reduced(release="Rocky:9"),
        reduced(name="a b"),
        {**reduced(), "advisories": {}},
        {**reduced(), "fixed": {"AlmaLinux:9": {"bash": [["1-2.el9"]]}}},
    ],
)
def test_the_reduced_form_with_wrong_values_is_refused(path, whole):
    with pytest.raises(Unreadable):
        read(almalinux_osv, path, json.dumps(whole).encode())


def osv(**change):
    affected = {
        "package": {"ecosystem": "AlmaLinux:9", "name": "bash"},
        "ranges": [{"events": [{"introduced": "0"}, {"fixed": "5-1.el9"}]}],
    }
    told = {"id": "ALSA-2030:1", "modified": "2026-01-01T00:00:00Z", "published": "2026-01-01"}
    inner = {key: value for key, value in change.items() if key in affected}
    outer = {key: value for key, value in change.items() if key not in affected}
    return json.dumps({**told, "affected": [{**affected, **inner}], **outer}).encode()


@pytest.mark.parametrize(
    "data",
    [
        osv(modified="yesterday"),
        osv(modified=7),
        osv(affected={}),
        osv(ranges=[{"events": [{"fixed": "1 || true"}]}]),
        osv(ranges=[{"events": "x"}]),
        osv(package={"ecosystem": "AlmaLinux:9", "name": "../../etc"}),
        osv(package={"ecosystem": "AlmaLinux:9"}),
        osv(package={"ecosystem": "AlmaLinux", "name": "bash"}),
        osv(withdrawn="2026-01-02T00:00:00Z"),
    ],
)
def test_osv_with_wrong_values_is_refused(path, data):
    with pytest.raises(Unreadable):
        read(almalinux_osv, path, zipped({"ALSA-2030-1.json": data}))


def secdb(branch="v3.19", name="busybox", fixes=None):
    entry = {"pkg": {"name": name, "secfixes": fixes or {"1.0-r0": ["CVE-2030-1000"]}}}
    return json.dumps({"distroversion": branch, "packages": [entry]}).encode()


@pytest.mark.parametrize(
    "data",
    [
        secdb(branch="bookworm"),
        secdb(branch="v3.19; x"),
        secdb(name="a b"),
        secdb(fixes={"1 or 2": ["CVE-2030-1000"]}),
        secdb(fixes={"1.0": [""]}),
        secdb(fixes={"1.0": ["<script>"]}),
        secdb(fixes={"1.0": "CVE-2030-1000"}),
        secdb(fixes={"1.0": []}),
    ],
)
def test_a_secdb_with_wrong_values_is_refused(path, data):
    with pytest.raises(Unreadable):
        read(alpine, path, data)
