"""What sites may send in place of their feeds: no reader takes it, hangs or grows."""

import gzip
import io
import json
import lzma
import tarfile
import tracemalloc
from pathlib import Path

import pytest

from auditor.feeds.sources import (
    Unreadable,
    debian_support,
    debian_tracker,
    endoflife,
    epss,
    kev,
    ssvc,
    ubuntu_osv,
    ubuntu_vex,
)

SAMPLES = Path("tests/data/feeds")
LAB = Path("tests/lab/data")
ALL = {
    ("debian", "bookworm"),
    ("debian", "trixie"),
    ("ubuntu", "jammy"),
    ("ubuntu", "focal"),
    ("rhel", "9"),
}
MIB = 2**20


def archive(folder, inside=""):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:xz", preset=1) as tar:
        tar.add(SAMPLES / folder / inside, arcname=inside)
    return out.getvalue()


def one_member(name, content):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        info = tarfile.TarInfo(name)
        info.size = len(content)
        tar.addfile(info, io.BytesIO(content))
    return out.getvalue()


WHOLE = {
    debian_tracker: (SAMPLES / "debian-tracker.json").read_bytes,
    debian_support: lambda: archive("debian-support-12"),
    ubuntu_osv: lambda: archive("ubuntu-osv", "osv"),
    ubuntu_vex: lambda: archive("ubuntu-vex", "vex"),
    kev: lambda: lzma.decompress((LAB / "kev-2026-08-07.json.xz").read_bytes()),
    epss: lambda: gzip.compress((SAMPLES / "epss.csv").read_bytes()),
    ssvc: lambda: archive("vulnrichment"),
    endoflife: (SAMPLES / "endoflife-v1.json").read_bytes,
}
"""A good file of each feed, as a site packs it."""
ARCHIVES = {
    ubuntu_osv: "osv/cve/2024/UBUNTU-CVE-2024-1.json",
    ubuntu_vex: "vex/cve/2024/CVE-2024-1.json",
    ssvc: "vulnrichment-develop/2024/0xxx/CVE-2024-1.json",
}
every = pytest.mark.parametrize("module", WHOLE, ids=lambda m: m.__name__.rpartition(".")[2])
archived = pytest.mark.parametrize("module", ARCHIVES, ids=lambda m: m.__name__.rpartition(".")[2])


def read(module, path, data):
    path.write_bytes(data)
    return list(module.read(path, ALL))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "feed"


@every
def test_the_good_file_is_read(module, path):
    assert read(module, path, WHOLE[module]())


@every
@pytest.mark.parametrize("keep", [0, 1, 7, 0.3, 0.6, 0.97])
def test_a_cut_file_is_refused(module, path, keep):
    data = WHOLE[module]()
    with pytest.raises(Unreadable):
        read(module, path, data[: int(len(data) * keep) if isinstance(keep, float) else keep])


WRONG = {
    "page": b"<!DOCTYPE html><html><body>Log in first</body></html>",
    "list": b"[]",
    "empty object": b"{}",
    "number": b"7",
    "other keys": b'{"message": {"rate limit": {"exceeded": {}}}}',
    "texts": b'{"result": "x", "products": "y", "vulnerabilities": 7}',
    "twice": b'{"result": [], "result": [], "a": {"CVE-2026-1000": {}, "CVE-2026-1000": {}}}',
    "NaN": b'{"count": NaN, "a": {"CVE-2026-1000": {"releases": NaN}}}',
    "deep": b'{"a": ' * 50_000,
    "nothing": bytes(4096),
    "gzip of nothing": gzip.compress(b""),
    "xz of a page": lzma.compress(b"<html>"),
    "not UTF-8": b'{"a\xe9": {}}',
    "other archive": one_member("readme.txt", b"hello"),
    "zip": b"PK\x05\x06" + bytes(18),
}


@every
@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_another_thing_is_refused(module, path, wrong):
    with pytest.raises(Unreadable):
        read(module, path, WRONG[wrong])


@archived
@pytest.mark.parametrize("wrong", ["page", "list", "empty object", "NaN", "deep", "not UTF-8"])
def test_a_file_of_an_archive_that_is_another_thing_is_refused(module, path, wrong):
    with pytest.raises(Unreadable, match="CVE-2024-1"):
        read(module, path, one_member(ARCHIVES[module], WRONG[wrong]))


@every
def test_a_bomb_is_refused_in_little_memory(module, path, monkeypatch):
    for name in ("LIMIT", "PACKAGE_LIMIT", "TOTAL_LIMIT", "MEMBER_LIMIT", "SOURCE_LIMIT"):
        if hasattr(module, name):
            monkeypatch.setattr(module, name, MIB)
    for inner in (b" ", b"\n", b"a", b"\0"):
        bomb = lzma.compress(b"{" + inner * 40 * MIB, preset=0)
        tracemalloc.start()
        with pytest.raises(Unreadable):
            read(module, path, bomb)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 16 * MIB


@every
def test_a_text_of_a_hundred_megabytes_is_refused(module, path):
    text = b'{"a": {"CVE-2026-1000": "' + b"x" * 100 * MIB + b'"}}'
    with pytest.raises(Unreadable):
        read(module, path, gzip.compress(text, compresslevel=1))


@archived
def test_a_member_of_an_archive_larger_than_its_limit_is_refused(module, path, monkeypatch):
    monkeypatch.setattr(module, "MEMBER_LIMIT", MIB)
    with pytest.raises(Unreadable, match="larger than"):
        read(module, path, one_member(ARCHIVES[module], b'{"id": "' + b"x" * 2 * MIB + b'"}'))


def tracker(**state):
    state = {"status": "open", **state}
    return json.dumps({"src": {"CVE-2026-1000": {"releases": {"bookworm": state}}}}).encode()


@pytest.mark.parametrize(
    "data",
    [
        tracker(status=7),
        tracker(status=None),
        tracker(status="resolved", fixed_version=["1"]),
        tracker(status="resolved", fixed_version="1; rm -rf /"),
        tracker(status="resolved", fixed_version="1\x1b[2J", repositories={"bookworm": "1"}),
        tracker(status="resolved", fixed_version="1", repositories={"bookworm": 1}),
        tracker(status="resolved", fixed_version="1", repositories={"bookworm": "<b>"}),
        b'{"src": {"CVE-2026-1000": {"releases": []}}}',
        b'{"src": {"CVE-2026-1000": []}}',
        b'{"src": {"CVE-2026-1000": {"releases": {"bookworm": {}}}}}',
        b'{"src": {"<script>": {"releases": {"bookworm": {"status": "open"}}}}}',
        b'{"../src": {}}',
    ],
)
def test_the_tracker_with_wrong_values_is_refused(path, data):
    with pytest.raises(Unreadable):
        read(debian_tracker, path, data)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("security-support-ended.deb12", "lonely"),
        ("security-support-ended.deb12", "src 1.0"),
        ("security-support-ended.deb12", "src 1.0 2026-13-45 note"),
        ("security-support-ended.deb12", "(a+)+$ 1.0 2026-01-01 note"),
        ("security-support-ended.deb12", "a[b 1.0 2026-01-01 note"),
        ("security-support.deb12", "src"),
        ("security-support.deb12", "src unsure note"),
        ("security-support.deb12", "src non-supported 1.0"),
    ],
)
def test_support_lists_with_wrong_lines_are_refused(path, name, line):
    with pytest.raises(Unreadable):
        read(debian_support, path, one_member(name, f"# list\n{line}\n".encode()))


def osv(**change):
    affected = {
        "package": {"ecosystem": "Ubuntu:22.04:LTS", "name": "src"},
        "ranges": [{"events": [{"introduced": "0"}, {"fixed": "1"}]}],
    }
    record = {"id": "UBUNTU-CVE-2024-1000", "modified": "2026-01-01T00:00:00Z"}
    inner = {key: value for key, value in change.items() if key in affected}
    outer = {key: value for key, value in change.items() if key not in affected}
    return json.dumps({**record, "affected": [{**affected, **inner}], **outer}).encode()


@pytest.mark.parametrize(
    "data",
    [
        osv(modified="yesterday"),
        osv(modified=7),
        osv(id="UBUNTU-<b>"),
        osv(upstream=["CVE-2024-1;x"]),
        osv(upstream="CVE-2024-1000"),
        osv(affected={}),
        osv(ranges=[{"events": [{"fixed": "1 || true"}]}]),
        osv(ranges=[{"events": "x"}]),
        osv(package={"ecosystem": "Ubuntu:22.04:LTS", "name": "../../etc"}),
        osv(package={"ecosystem": "Ubuntu:22.04:LTS"}),
    ],
)
def test_osv_with_wrong_values_is_refused(path, data):
    with pytest.raises(Unreadable):
        read(ubuntu_osv, path, one_member(ARCHIVES[ubuntu_osv], data))


def vex(timestamp="2026-01-01T00:00:00Z", **change):
    statement = {
        "vulnerability": {"name": "CVE-2024-1000"},
        "products": [{"@id": "pkg:deb/ubuntu/src@1?arch=source&distro=jammy"}],
        "status": "affected",
    }
    return json.dumps({"timestamp": timestamp, "statements": [{**statement, **change}]}).encode()


@pytest.mark.parametrize(
    "data",
    [
        vex(timestamp="soon"),
        vex(status=7),
        vex(vulnerability={"name": "<b>"}),
        vex(vulnerability=[]),
        vex(products="x"),
        vex(products=[{"id": "x"}]),
        vex(products=[{"@id": "pkg:deb/ubuntu/%2e%2e%2f?arch=source&distro=jammy"}]),
    ],
)
def test_vex_with_wrong_values_is_refused(path, data):
    with pytest.raises(Unreadable):
        read(ubuntu_vex, path, one_member(ARCHIVES[ubuntu_vex], data))


def catalogue(count=1, released="2026-08-07T00:00:00Z", **change):
    entry = {"cveID": "CVE-2026-1000", "dateAdded": "2026-08-01", **change}
    told = {"dateReleased": released, "count": count, "vulnerabilities": [entry]}
    return json.dumps(told).encode()


@pytest.mark.parametrize(
    "data",
    [
        catalogue(count=2),
        catalogue(count="1"),
        catalogue(released="today"),
        catalogue(dateAdded="01/08/2026"),
        catalogue(dateAdded=None),
        catalogue(cveID="CVE-1"),
        catalogue(knownRansomwareCampaignUse=True),
        b'{"dateReleased": "2026-08-07", "count": 0, "vulnerabilities": []}',
    ],
)
def test_the_catalogue_with_wrong_values_is_refused(path, data):
    with pytest.raises(Unreadable):
        read(kev, path, data)


HEAD = "#model_version:v1,score_date:2026-11-23T00:00:00+0000\ncve,epss,percentile\n"


@pytest.mark.parametrize(
    "text",
    [
        "cve,epss,percentile\nCVE-2024-1000,0.1,0.1\n",
        "#model_version:v1\ncve,epss,percentile\nCVE-2024-1000,0.1,0.1\n",
        HEAD.replace("2026-11-23", "2026-99-99") + "CVE-2024-1000,0.1,0.1\n",
        HEAD,
        HEAD + "CVE-2024-1000,nan,0.1\n",
        HEAD + "CVE-2024-1000,1.01,0.1\n",
        HEAD + "CVE-2024-1000,0.1,-0.1\n",
        HEAD + "CVE-2024-1000,,0.1\n",
        HEAD + "CVE-2024-1000,0.1\n",
        HEAD + "CVE-2024-1000,0.1,0.1\nCVE-2024-1000,0.2,0.2\n",
        HEAD + "=cmd(),0.1,0.1\n",
    ],
)
def test_scores_with_wrong_values_are_refused(path, text):
    with pytest.raises(Unreadable):
        read(epss, path, gzip.compress(text.encode()))


COLUMNS = "cve\texploitation\tautomatable\ttechnical_impact\tcvss\tvector\n"


@pytest.mark.parametrize(
    "text",
    [
        COLUMNS,
        COLUMNS + "CVE-2024-1000\tnone\tmaybe\ttotal\t9.8\t\n",
        COLUMNS + "CVE-2024-1000\tnone\tyes\tsome\t9.8\t\n",
        COLUMNS + "CVE-2024-1000\tnone\tyes\ttotal\t11\t\n",
        COLUMNS + "CVE-2024-1000\tnone\tyes\ttotal\thigh\t\n",
        COLUMNS + "CVE-2024-1000\tnone\tyes\ttotal\n",
        COLUMNS + "none\tnone\tyes\ttotal\t9.8\t\n",
    ],
)
def test_a_table_of_decisions_with_wrong_values_is_refused(path, text):
    with pytest.raises(Unreadable):
        read(ssvc, path, text.encode())


def decision(content, score=9.8):
    metrics = [{"other": {"type": "ssvc", "content": content}}, {"cvssV3_1": {"baseScore": score}}]
    adp = [{"title": "CISA ADP Vulnrichment", "metrics": metrics}]
    return json.dumps({"cveMetadata": {"cveId": "CVE-2024-1"}, "containers": {"adp": adp}}).encode()


@pytest.mark.parametrize(
    "data",
    [
        decision("none"),
        decision({}),
        decision({"options": {"Automatable": "yes"}}),
        decision({"options": [{"Automatable": 1}]}),
        decision({"options": [{"Automatable": "perhaps"}]}),
        decision({"options": []}, score=99),
        decision({"options": []}, score="9.8"),
        decision({"options": []}),
        b'{"cveMetadata": {"cveId": "x"}, "containers": {}}',
        b'{"containers": {}}',
    ],
)
def test_records_with_wrong_values_are_refused(path, data):
    with pytest.raises(Unreadable):
        read(ssvc, path, one_member(ARCHIVES[ssvc], data))


@pytest.mark.parametrize(
    "told",
    [
        {"products": {}},
        {"products": {"nginx": {"releases": [{"releaseCycle": "1", "eol": False}]}}},
        {"products": {"debian": {"releases": [{"releaseCycle": 12, "eol": False}]}}},
        {"products": {"debian": {"releases": [{"releaseCycle": "12", "eol": "soon"}]}}},
        {"products": {"debian": {"releases": [{"releaseCycle": "12", "eol": 7}]}}},
        {"products": {"debian": {"releases": [{"releaseCycle": "<b>", "eol": False}]}}},
        {"result": [{"name": "debian"}]},
        {"result": [], "generated_at": "now"},
    ],
)
def test_dates_of_releases_with_wrong_values_are_refused(path, told):
    with pytest.raises(Unreadable):
        read(endoflife, path, json.dumps(told).encode())
