"""What the boot loader tells the kernel, and whether it asks for a password."""

import pytest

from auditor.model.fact import Why
from auditor.probe import boot
from tests.unit.probe.asking import parse, text_files

GRUB = "/etc/default/grub"
MENU = """efi
secure    1
file /boot/grub/grub.cfg
3 superusers superusers="root"
4 pbkdf2 root
9 entry menuentry 'Debian GNU/Linux' --class debian {
12 linux \tlinux\t/boot/vmlinuz root=UUID=1 ro audit=0 audit=1 audit_backlog_limit=8192
20 entry menuentry 'Debian GNU/Linux (recovery mode)' {
22 linux linux /boot/vmlinuz ro single
file /boot/loader/entries/a.conf
1 entry title Rocky Linux 9
4 linux - options ro audit_backlog_limit=9000
noise
"""


def ask(text="", files=None):
    return parse(boot, text, frames=text_files({"/proc/cmdline": "ro quiet", **(files or {})}))


def test_the_menu_is_told_with_its_places():
    found = ask(MENU)

    assert found["efi"] is found["secure_boot"] is found["has_loader"] is True
    assert found["superusers"] is found["password"] is True
    assert found["plain_password"] is False
    assert found["places"]["password"] == "/boot/grub/grub.cfg:4"
    assert [entry["entry"] for entry in found["entries"]] == ["Debian GNU/Linux", "Rocky Linux 9"]
    assert found["entries"][0]["arguments"] == [
        "root=UUID=1", "ro", "audit=1", "audit_backlog_limit=8192",
    ]  # fmt: skip
    assert found["entries"][1]["place"] == "/boot/loader/entries/a.conf:4"
    assert found["running"] == ["ro", "quiet"]


def test_an_entry_takes_in_the_menus_environment():
    text = (
        "file /e\n2 env root=/dev/x ro\nfile /c\n1 entry title A\n4 linux - options $kernelopts a\n"
    )

    assert ask(text)["entries"][0]["arguments"] == ["root=/dev/x", "ro", "a"]


def test_an_entry_without_a_title_is_named_by_its_file():
    found = ask("file /x\n3 linux linux /vmlinuz ro\n4 plain budi\n5 entry title\n")

    assert found["entries"][0]["entry"] == "/x"
    assert found["plain_password"] is True
    assert (found["efi"], found["secure_boot"]) == (False, False)


@pytest.mark.parametrize(
    ("files", "words", "place"),
    [
        ({GRUB: '# a\nGRUB_CMDLINE_LINUX="audit=1 ro"'}, ["audit=1", "ro"], f"{GRUB}:2"),
        (
            {GRUB: 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX="a"\nGRUB_TIMEOUT=5'},
            ["a", "quiet"], f"{GRUB}:2",
        ),
        (
            {
                GRUB: 'GRUB_CMDLINE_LINUX="a"',
                "/etc/default/grub.d/b.cfg": 'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX b"',
                "/etc/default/grub.d/c.cfg": 'GRUB_CMDLINE_LINUX="${GRUB_CMDLINE_LINUX} c"',
            },
            ["a", "b", "c"], "/etc/default/grub.d/c.cfg:1",
        ),
        ({GRUB: "GRUB_CMDLINE_LINUX=a\nGRUB_CMDLINE_LINUX+=' b'"}, ["a", "b"], f"{GRUB}:2"),
        ({GRUB: 'GRUB_CMDLINE_LINUX="audit=0 audit=1"'}, ["audit=1"], f"{GRUB}:1"),
        ({GRUB: 'GRUB_CMDLINE_LINUX="broken'}, ["broken"], f"{GRUB}:1"),
        ({GRUB: "GRUB_CMDLINE_LINUX="}, [], f"{GRUB}:1"),
        ({GRUB: "odd"}, [], GRUB),
        ({}, [], GRUB),
    ],
)  # fmt: skip
def test_defaults_are_put_together_as_the_shell_does(files, words, place):
    found = ask("", files)

    assert found["defaults"] == words
    assert found["places"]["defaults"] == place
    assert found["has_defaults"] is (GRUB in files)


@pytest.mark.parametrize(
    ("default", "menu", "least"),
    [
        ("audit_backlog_limit=8192", "", 8192),
        ("audit_backlog_limit=8192", MENU, 8192),
        ("audit_backlog_limit=9999", MENU, 8192),
        ("quiet", MENU, 0),
        ("audit_backlog_limit=8192", "file /x\n1 linux linux /v ro\n", 0),
    ],
)
def test_the_least_audit_queue_counts(default, menu, least):
    assert ask(menu, {GRUB: f'GRUB_CMDLINE_LINUX="{default}"'})["audit_backlog"] == least


def test_a_menu_that_only_root_reads_is_a_gap():
    found = ask("? /boot/grub/grub.cfg\n", {GRUB: "GRUB_CMDLINE_LINUX=a"})

    assert found["gap"]["why"] == Why.NEEDS_ROOT
    assert "entries" not in found
    assert found["defaults"] == ["a"]


def test_a_system_without_its_command_line():
    assert parse(boot, "", frames=text_files({}))["running"] == []
