"""The mirror that this machine's apt uses, read with the real apt-config from made-up folders."""

import pytest

from auditor.errors import ConfigError
from auditor.feeds import apt
from auditor.feeds.apt import Mirror, own_mirror

CODENAMES = ("bookworm", "trixie")
MAIN = "deb [arch=amd64] http://mirror.lab/debian bookworm main\n"
SECURITY = "deb http://mirror.lab/debian-security bookworm-security main\n"
DEB822 = """\
# Enabled: no
Types: deb deb-src
URIs: http://mirror.lab/debian
Suites: bookworm
  bookworm-updates

types: deb
uris: http://mirror.lab/secure
Suites:
# a comment within a field
 trixie-updates
 trixie-security
Components: main
"""


@pytest.fixture
def configured(tmp_path, monkeypatch):
    """Write files below a folder that apt-config takes for the machine's root."""
    monkeypatch.setenv("APT_CONFIG", str(tmp_path / "apt.conf"))

    def write(files, options=""):
        (tmp_path / "apt.conf").write_text(f'Dir "{tmp_path}";\n{options}')
        for name, text in files.items():
            path = tmp_path / "etc" / "apt" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path / "etc" / "apt"

    return write


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"sources.list": MAIN},
        {"sources.list": f"# {SECURITY}"},
        {"sources.list": SECURITY.replace("deb ", "deb-src ")},
        {"sources.list": SECURITY.replace("bookworm", "jammy")},
        {"sources.list": SECURITY.replace("http:", "cdrom:")},
        {"sources.list": SECURITY.replace("http:", "mirror+file:")},
        {"sources.list": "deb [broken\n" + "\x00\xff" * 50},
        {"sources.list.d/x.list.disabled": SECURITY},
        {"sources.list.d/x.sources": DEB822.replace("types:", "Enabled: no\ntypes:")},
        {"sources.list.d/x.sources": DEB822.replace("types: deb", "types: deb-src")},
        {"sources.list.d/x.sources": "\n\n \n: : :\n"},
        {"sources.list.d/folder.list/x": SECURITY},
    ],
)
def test_an_apt_without_debians_security_updates_is_told(configured, files):
    configured(files)

    with pytest.raises(ConfigError, match="no security suite of this distribution") as caught:
        own_mirror(CODENAMES)
    assert "--mirror URL" in caught.value.hint


@pytest.mark.parametrize(
    ("files", "base"),
    [
        ({"sources.list": MAIN + SECURITY}, "http://mirror.lab/debian-security"),
        (
            {"sources.list": "deb [ arch=amd64 trusted=no ] https://m.lab/s/ stable-security x"},
            "https://m.lab/s/",
        ),
        ({"sources.list": "deb\thttp://old.lab/s\tbookworm/updates main"}, "http://old.lab/s"),
        ({"sources.list.d/debian.sources": DEB822}, "http://mirror.lab/secure"),
        ({"sources.list.d/x.sources": f"Enabled: yes\n{DEB822}"}, "http://mirror.lab/secure"),
        ({"sources.list.d/a.list": MAIN, "sources.list.d/b.list": SECURITY}, SECURITY.split()[1]),
    ],
)
def test_the_mirror_is_the_one_that_apt_uses(configured, files, base):
    configured(files)

    assert own_mirror(CODENAMES) == Mirror(base=base)


def test_a_place_that_apt_is_told_of_is_read(configured):
    folder = configured({"own.list": SECURITY}, 'Dir::Etc::sourcelist "own.list";\n')

    assert own_mirror(CODENAMES).base == "http://mirror.lab/debian-security"
    assert not (folder / "sources.list").exists()


@pytest.mark.parametrize(
    ("scheme", "options", "want"),
    [
        ("http", 'Acquire::http::Proxy "http://p:1";', {"proxy": "http://p:1"}),
        ("https", 'Acquire::http::Proxy "http://p:1";', {"proxy": "http://p:1"}),
        ("http", 'Acquire::https::Proxy "http://p:1";', {}),
        (
            "https",
            'Acquire::http::Proxy "http://p:1"; Acquire::https::Proxy "http://q:2";',
            {"proxy": "http://q:2"},
        ),
        (
            "http",
            'Acquire::http::Proxy "http://p:1"; Acquire::http::Proxy::mirror.lab "DIRECT";',
            {"direct": True},
        ),
        ("http", 'Acquire::http::Proxy "";', {}),
        ("http", 'acquire::HTTP::proxy "direct";', {"direct": True}),
        ("https", 'Acquire::https::CaInfo "/ca.pem";', {"ca_file": "/ca.pem"}),
        (
            "https",
            'Acquire::https::CaInfo "/a"; Acquire::https::mirror.lab::CaInfo "/b";',
            {"ca_file": "/b"},
        ),
    ],
)
def test_proxy_and_authority_are_apts(configured, scheme, options, want):
    configured({"sources.list": SECURITY.replace("http:", f"{scheme}:")}, options)

    assert own_mirror(CODENAMES) == Mirror(base=f"{scheme}://mirror.lab/debian-security", **want)


@pytest.mark.parametrize(
    ("script", "words"), [(None, "No such file"), ("exec /bin/sleep 20", "timed out")]
)
def test_without_an_answer_of_apt_the_operator_is_asked(tmp_path, monkeypatch, script, words):
    if script:
        (tmp_path / "apt-config").write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / "apt-config").chmod(0o755)
    monkeypatch.setattr(apt, "SECONDS", 0.2)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(ConfigError, match=words):
        own_mirror(CODENAMES)


def test_a_file_that_cannot_be_read_is_named(configured, monkeypatch):
    folder = configured({"sources.list": SECURITY})
    (folder / "sources.list").unlink()
    (folder / "sources.list").symlink_to("/proc/self/mem")

    with pytest.raises(ConfigError, match=r"sources.list: cannot be read"):
        own_mirror(CODENAMES)


def test_the_main_archive_and_another_distribution_are_told_apart(configured):
    lines = "".join(
        f"deb http://{host}.lab/x {suite} main\n"
        for host, suite in (
            ("safe", "bookworm-security"),
            ("main", "bookworm"),
            ("ubuntu", "jammy-security"),
            ("ubuntu-main", "jammy-updates"),
        )
    )
    configured({"sources.list": lines})

    def base(names, **how):
        return own_mirror(names, **how).base

    assert base(("bookworm",)) == "http://safe.lab/x"
    assert base(("bookworm",), security=False) == "http://main.lab/x"
    assert base(("jammy",), by_age=()) == "http://ubuntu.lab/x"
    assert base(("jammy",), security=False, by_age=()) == "http://ubuntu-main.lab/x"
    with pytest.raises(ConfigError, match="no suite of this distribution"):
        own_mirror(("noble",), security=False, by_age=())
