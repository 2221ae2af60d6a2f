"""The list of feeds: mistakes with their line, then what is to be fetched for which systems."""

import pytest

from auditor.errors import ConfigError
from auditor.feeds.jobs import files, suites
from auditor.feeds.readers import READERS, reader
from auditor.feeds.update import Order
from auditor.load.feed_list import load_feed_list
from auditor.model.feed import FeedKind

FEED = """\
feeds:
  - name: one
    kind: kev
    source: kev
    urls: ["https://site.lab/kev.json"]
"""


def load(tmp_path, text):
    (tmp_path / "feeds.yaml").write_text(text)
    return load_feed_list(READERS, tmp_path / "feeds.yaml")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("name: one", "name: One two", "name"),
        ("kind: kev", "kind: kevs", "kind"),
        ("kind: kev", "kind: advisories", "advisories are of a distribution"),
        ("source: kev", "source: kve", "there is no reader 'kve'(.|\n)*kev"),
        ("source: kev", "source: zzzzzz", "there is no reader 'zzzzzz'(.|\n)*known: almalinux"),
        ("https://site.lab/", "ftp://site.lab/", "is no address"),
        ("https://site.lab/", "https:///", "is no address"),
        ("https://site.lab/", "https://site lab/", "is no address"),
        ("https://site.lab/", "https://[::1/", "is no address"),
        ("https://site.lab/", "deb:Big Name", "is no address"),
        ("kev.json", "{relase}", "{relase} stands for nothing"),
        ("kev.json", "{release.__class__}", "stands for nothing"),
        ("kev.json", "{release!r}", "stands for nothing"),
        ("kev.json", "{release:9}", "stands for nothing"),
        ("kev.json", "{", "a brace without its other"),
        ("kind: kev", "kind: kev\n    mirror: nowhere", "mirror: 'nowhere' is no address"),
        ("kind: kev", "kind: kev\n    megabytes: 0", "megabytes"),
        ("kind: kev", "kind: kev\n    megabytes: 1e9", "megabytes"),
        ("kind: kev", "kind: kev\n    minutes: 999", "minutes"),
        ("kind: kev", "kind: kev\n    more: 1", "more"),
        (
            'kev.json"]',
            'kev.json", "https://site.lab/more.json"]\n    files: ["kev*.json"]',
            "files: 2 addresses, 1 names(.|\n)*one for the file of each",
        ),
        ("feeds:", "archives: [{distribution: arch}]\nfeeds:", "distribution"),
        ("feeds:", "archives: [{distribution: debian, mirror: x}]\nfeeds:", "mirror: 'x' is no"),
        (
            "feeds:",
            "archives: [{distribution: debian}, {distribution: debian}]\nfeeds:",
            "two archives are of debian",
        ),
        (
            "feeds:",
            "archives: [{distribution: debian, suites: ['{arch}']}]\nfeeds:",
            "suites: {arch} stands for nothing",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path, old, new, words):
    with pytest.raises(ConfigError, match=f"feeds.yaml:[0-9]+:(.|\n)*{words}".replace("{", r"\{")):
        load(tmp_path, FEED.replace(old, new))


def test_two_feeds_of_one_name_are_a_mistake(tmp_path):
    with pytest.raises(ConfigError, match="two feeds have the name 'one'"):
        load(tmp_path, FEED + FEED.partition("\n")[2])


def test_the_shipped_list_is_sound_and_every_reader_is_there():
    feeds = load_feed_list(READERS)

    assert {archive.distribution for archive in feeds.archives} == {"debian", "ubuntu"}
    assert {source.kind for source in feeds.feeds} == set(FeedKind) - {
        FeedKind.SUITE,
        FeedKind.PACKAGES,
    }
    for name in READERS:
        assert callable(reader(name))
    for source in feeds.feeds:
        assert all(url.startswith(("https://", "deb:", "{mirror}/")) for url in source.urls)


def jobs(*systems, archs=("amd64",)):
    return {job.name: job for job in files(load_feed_list(READERS), systems, archs)}


def test_only_what_the_systems_need_is_fetched():
    assert list(jobs()) == ["kev", "epss", "ssvc", "lifecycle"]
    assert set(jobs(("debian", "bookworm"), ("debian", "trixie"))) == {
        "debian-tracker",
        "debian-support bookworm",
        "debian-support trixie",
        "kev",
        "epss",
        "ssvc",
        "lifecycle",
    }
    assert "rocky 9" in jobs(("rocky", "9"))


def test_debians_tracker_is_read_for_what_is_not_released_too():
    job = jobs(("debian", "bookworm"))["debian-tracker"]

    assert job.covers == (("debian", "bookworm"), ("debian", "sid"))
    assert job.feed_names == ("debian-tracker bookworm", "debian-tracker sid")


def test_addresses_hold_release_and_architecture_as_their_site_names_them():
    alpine = jobs(("alpine", "3.19"))["alpine 3.19"]
    rocky = jobs(("rocky", "9"), archs=("amd64", "arm64"))["rocky 9"]

    assert alpine.urls[0] == "https://secdb.alpinelinux.org/v3.19/main.json"
    assert [url.split("/")[-4] for url in rocky.urls] == ["x86_64", "aarch64"] * 2
    assert rocky.problem == "no mirror is named for it"


def test_a_list_for_several_distributions_names_them():
    job = jobs(("rocky", "9"), ("rhel", "9"))["redhat-vex"]

    assert job.feed_names == ("redhat-vex rocky:9", "redhat-vex rhel:9")


def test_a_version_by_number_is_known_for_a_codename(tmp_path):
    feeds = load(
        tmp_path,
        FEED.replace("kev.json", "deb{version}").replace("kev\n", "support\n", 1)
        + "    distributions: [debian]\n",
    )

    found = [job.urls for job in files(feeds, [("debian", "bookworm"), ("debian", "x")], ())]
    assert found == [(), ()]
    found = [
        job.urls for job in files(feeds, [("debian", "bookworm"), ("debian", "x")], ("amd64",))
    ]
    assert found == [("https://site.lab/deb12",), ("https://site.lab/debx",)]


def test_suites_are_those_of_the_archive_for_each_architecture():
    feeds = load_feed_list(READERS)
    systems = [("debian", "bookworm"), ("ubuntu", "jammy"), ("alpine", "3.19")]

    found = {suite.name: suite for suite in suites(feeds, systems, ("amd64", "arm64"))}

    assert len(found) == 12
    assert found["jammy-security arm64"].keyring.name == "ubuntu-archive-keyring.gpg"
    assert found["bookworm amd64"].security is False
    assert found["bookworm-security amd64"].security is True
    assert "non-free-firmware" in found["bookworm amd64"].components


def test_a_part_may_be_chosen_by_name():
    order = Order(
        feeds=load_feed_list(READERS),
        systems=(("debian", "bookworm"),),
        only=("kev", "debian-support", "bookworm-security"),
    )

    names = [job.name for job in order.jobs()]
    assert names == ["bookworm-security amd64", "debian-support bookworm", "kev"]


def test_a_feed_without_an_address_comes_from_folders_only(tmp_path):
    feeds = load(tmp_path, FEED.replace('["https://site.lab/kev.json"]', "[]"))
    order = {"feeds": feeds, "systems": ()}

    assert Order(**order).jobs() == ()
    assert [job.name for job in Order(**order, folder=tmp_path).jobs()] == ["one"]
