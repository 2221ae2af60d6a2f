"""Where chrony and timesyncd get the time, and as whom chronyd runs."""

import pytest

from auditor.model.fact import Why
from auditor.probe import clock
from auditor.probe.base import Frame
from tests.unit.probe.asking import RUNNING, parse, text_files

CONF = "/etc/chrony/chrony.conf"
DEBIAN = {"/etc/debian_version": "12.5"}


def ask(files):
    return parse(clock, "clock 1790000000\n", frames=RUNNING | text_files(files))


@pytest.mark.parametrize(
    ("files", "servers"),
    [
        ({}, []),
        ({CONF: "pool 2.debian.pool.ntp.org iburst\nServer ntp.x\n! server a\nkeyfile /x\nodd"},
         ["2.debian.pool.ntp.org", "ntp.x"]),
        ({"/etc/chrony.conf": "peer a\nserver a"}, ["a"]),
        ({CONF: "x", "/etc/chrony/sources.d/a.sources": "server a"}, []),
        ({CONF: "sourcedir /etc/chrony/sources.d/", "/etc/chrony/sources.d/a.sources": "server a"},
         ["a"]),
        ({CONF: "confdir /etc/chrony/conf.d", "/etc/chrony/conf.d/a.conf": "server a",
          "/etc/chrony/conf.d/a.sources": "server b"}, ["a"]),
        ({CONF: "include /etc/chrony.d/*.conf", "/etc/chrony.d/a.conf": "server a"}, ["a"]),
        ({CONF: "confdir /opt/chrony"}, []),
    ],
)  # fmt: skip
def test_chronys_servers_are_those_of_the_files_that_it_takes_in(files, servers):
    assert ask(files)["chrony"]["servers"] == servers


@pytest.mark.parametrize(
    ("files", "user", "place"),
    [
        (DEBIAN, "_chrony", "default"),
        ({}, "chrony", "default"),
        ({CONF: "server a\nuser root"}, "root", f"{CONF}:2"),
        ({CONF: "user _chrony", "/etc/default/chrony": 'DAEMON_OPTS="-F 1 -u root"'}, "root",
         "/etc/default/chrony:1"),
        ({"/etc/sysconfig/chronyd": 'OPTIONS="-u chrony"'}, "chrony", "/etc/sysconfig/chronyd:1"),
        ({"/etc/sysconfig/chronyd": 'OPTIONS="-F 2"'}, "chrony", "default"),
    ],
)  # fmt: skip
def test_an_option_is_stronger_than_the_file(files, user, place):
    chrony = ask(files)["chrony"]

    assert (chrony["user"], chrony["places"]["user"]) == (user, place)


def test_timesyncds_lists_grow_until_they_are_cleared():
    files = {
        "/etc/systemd/timesyncd.conf": "[Time]\nNTP=a b\nFallbackNTP=f",
        "/etc/systemd/timesyncd.conf.d/1.conf": "[Time]\nNTP=c\nFallbackNTP=",
    }
    timesyncd = ask(files)["timesyncd"]

    assert timesyncd["servers"] == ["a", "b", "c"]
    assert timesyncd["fallback"] == []
    assert timesyncd["places"]["servers"] == "/etc/systemd/timesyncd.conf.d/1.conf:2"
    assert ask({})["timesyncd"]["places"]["servers"] == "default"


def test_files_that_cannot_be_read_are_a_gap():
    frames = RUNNING | {"texts": Frame(key="texts", text=f"! {CONF}\n")}
    found = parse(clock, "clock 1790000000\n", frames=frames)

    assert found["chrony"]["gap"]["why"] == Why.NEEDS_ROOT
