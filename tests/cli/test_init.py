import pytest

from auditor.errors import ExitCode
from auditor.load.inventory import load_inventory
from tests.cli.small_disk import small_disk

FILLED = {
    "letter: #": "letter: 094/7/2026 #",
    "  date: #": "  date: 2026-01-02 #",
    "valid_until: #": "valid_until: 2026-12-31 #",
    "networks: []": "networks: [10.10.0.0/16]",
    "domains: []": "domains: [kota.go.id]",
    "address: #": "address: 10.10.0.7 #",
}


@pytest.fixture
def path(auditor, tmp_path):
    assert auditor("init", tmp_path).code == 0
    return tmp_path / "inventory.yaml"


def test_what_is_there_is_never_overwritten(auditor, tmp_path):
    path = tmp_path / "inventory.yaml"
    path.write_text("mine")

    code, out, err = auditor("init", tmp_path)

    assert (code, out) == (ExitCode.USAGE, "")
    assert f"{path}: is there already" in err
    assert path.read_text() == "mine"


def test_a_link_is_not_followed(auditor, tmp_path):
    (tmp_path / "inventory.yaml").symlink_to("/dev/full")

    assert auditor("init", tmp_path).code == ExitCode.USAGE


def test_a_full_disk_leaves_no_half_file(auditor, tmp_path):
    with small_disk(100):
        code, _, err = auditor("init", tmp_path)

    assert code == ExitCode.STORE
    assert "could not be written: File too large" in err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told(auditor):
    code, _, err = auditor("init", "/proc/none")

    assert code == ExitCode.STORE
    assert "could not be written" in err


def test_a_fresh_inventory_allows_no_scan(auditor, path):
    code, _, err = auditor("inventory", "lint", path)

    assert code == ExitCode.USAGE
    for words in ("letter", "date", "valid_until", "scope"):
        assert f"authority: {words} is not filled in" in err


def test_once_filled_in_it_is_good(path):
    text = path.read_text()
    for blank, filled in FILLED.items():
        assert text.count(blank) == 1, blank
        text = text.replace(blank, filled)
    path.write_text(text)

    inventory = load_inventory(path)

    assert [target.id for target in inventory.targets] == ["web-1"]
    assert inventory.targets[0].ssh.user == "auditor"


def test_every_word_to_the_reader_is_in_both_languages(path):
    text = path.read_text()

    assert text.count("ISI:") == text.count("FILL IN:") == 7
    assert text.startswith("# Inventaris audit")


def test_a_missing_folder_is_made_and_the_file_named(auditor, tmp_path):
    code, out, err = auditor("init", tmp_path / "a" / "b")

    assert (code, out) == (0, f"{tmp_path}/a/b/inventory.yaml\n")
    assert "auditor inventory lint" in err


def test_without_a_folder_the_working_folder_is_taken(auditor, tmp_path):
    assert auditor("init").out == "inventory.yaml\n"
