"""Ubuntu's suites, with lists and a key made here: the same chain, other names."""

import hashlib
import lzma
from datetime import UTC, datetime

import pytest

from auditor.feeds import open_library
from auditor.feeds.update import Order, update
from auditor.model.feed import FeedKind, Trust
from auditor.model.feed_list import Archive, FeedList
from tests.servers.archive_key import archive_key

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SUITES = ("jammy", "jammy-updates", "jammy-security")


@pytest.fixture(scope="session")
def signer(tmp_path_factory):
    """The archive's key."""
    with archive_key(tmp_path_factory.mktemp("gnupg")) as made:
        yield made


def packages(**versions):
    return lzma.compress(
        "".join(f"Package: {name}\nVersion: {v}\n\n" for name, v in versions.items()).encode()
    )


@pytest.fixture
def folder(tmp_path, signer):
    """Copies of an archive with three suites and two components."""
    place = tmp_path / "copies"
    place.mkdir()
    for suite in SUITES:
        lists = {
            "main": packages(bash="5.1-6ubuntu1", nginx="1.18.0-6ubuntu14"),
            "universe": packages(redis="5:6.0.16-1ubuntu1"),
        }
        told = "".join(
            f" {hashlib.sha256(data).hexdigest()} {len(data)} {name}/binary-amd64/Packages.xz\n"
            for name, data in lists.items()
        )
        text = (
            f"Origin: Ubuntu\nSuite: {suite}\nCodename: jammy\n"
            f"Date: Mon, 23 Nov 2026 10:00:00 UTC\nSHA256:\n{told}"
        )
        (place / f"{suite}.InRelease").write_bytes(signer.sign(text))
        (place / f"{suite}.Packages.xz").write_bytes(lists["main"])
        (place / f"{suite}.universe.Packages.xz").write_bytes(lists["universe"])
    return place


@pytest.fixture
def bring(tmp_path, folder, signer):
    """Update from the copies."""

    def go(keyring=signer.keyring, **fields):
        archive = Archive(
            distribution="ubuntu",
            components=("main", "restricted", "universe"),
            keyring=str(keyring),
        )
        order = Order(
            feeds=FeedList(archives=(archive,)),
            systems=(("ubuntu", "jammy"),),
            folder=folder,
            **fields,
        )
        return {one.name: one for one in update(tmp_path / "home", order, NOW)}

    return go


def test_all_suites_and_components_are_held(bring, tmp_path):
    outcomes = bring()

    assert {one.feed.trust for one in outcomes.values()} == {Trust.SIGNED}
    feeds = open_library(tmp_path / "home").of("ubuntu", "jammy")
    assert sorted(index.suite for index in feeds.indexes) == sorted(SUITES)
    index = feeds.index("ubuntu", "jammy", "amd64")
    assert {entry.package for entry in index.entries.values()} == {"bash", "nginx", "redis"}
    assert index.believed
    assert outcomes["jammy amd64"].feed.kind is FeedKind.PACKAGES


@pytest.mark.parametrize(
    ("given", "wanted"), [("jammy-security", "jammy"), ("jammy", "jammy-security")]
)
def test_another_suite_of_the_same_release_does_not_pass_for_it(bring, folder, given, wanted):
    for end in (".InRelease", ".Packages.xz", ".universe.Packages.xz"):
        (folder / f"{wanted}{end}").write_bytes((folder / f"{given}{end}").read_bytes())

    assert bring()[f"{wanted} amd64"].problem == f"{given} is given for {wanted}"


def test_a_component_that_was_altered_fails_its_suite(bring, folder):
    (folder / "jammy-security.universe.Packages.xz").write_bytes(packages(redis="0"))

    outcome = bring()["jammy-security amd64"]

    assert outcome.problem.startswith("universe/binary-amd64/Packages.xz of jammy-security is not")


def test_a_suite_without_one_of_its_components_is_held_only_where_the_operator_says_so(
    bring, folder, tmp_path
):
    (folder / "jammy-security.universe.Packages.xz").unlink()

    outcome = bring()["jammy-security amd64"]

    assert outcome.problem == "the folder lacks its universe"
    assert "--accept 'jammy-security amd64'" in outcome.hint
    feeds = open_library(tmp_path / "home").of("ubuntu", "jammy")
    assert feeds.index("ubuntu", "jammy", "amd64") is None
    accepted = bring(accept=("jammy-security amd64",))["jammy-security amd64"]
    assert (accepted.note, accepted.feed.rows) == ("the folder lacks its universe", 2)


def test_without_ubuntus_keyring_nothing_is_called_verified(bring, tmp_path):
    outcomes = bring(keyring=tmp_path / "missing.gpg")

    assert {one.feed.trust for one in outcomes.values()} == {Trust.NONE}
    feeds = open_library(tmp_path / "home").of("ubuntu", "jammy")
    assert not any(index.believed for index in feeds.indexes)


def test_an_older_release_is_refused_and_an_accepted_one_is_taken(bring, folder, signer):
    bring()
    text = "Suite: jammy-security\nCodename: jammy\nDate: Sun, 22 Nov 2026 10:00:00 UTC\nSHA256:\n"
    data = packages(bash="5.1-6ubuntu1", nginx="1", redis="1")
    told = f" {hashlib.sha256(data).hexdigest()} {len(data)} main/binary-amd64/Packages.xz\n"
    (folder / "jammy-security.InRelease").write_bytes(signer.sign(text + told))
    (folder / "jammy-security.Packages.xz").write_bytes(data)

    frozen = bring()["jammy-security amd64"]

    assert "older than the one that is held" in frozen.problem
    assert "--accept 'jammy-security amd64'" in frozen.hint
    assert bring(accept=("jammy-security amd64",))["jammy-security amd64"].problem == ""
