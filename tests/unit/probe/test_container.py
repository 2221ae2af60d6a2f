import json

import pytest

from auditor.model.fact import Why
from auditor.probe import container
from tests.unit.probe.asking import RUNNING, frame, parse, text_files, why

HOST = "/var/lib/docker/containers/abcdef0123456789/hostconfig.json"
DAEMON = "/etc/docker/daemon.json"
UNIT = "/etc/systemd/system/docker.service.d/tcp.conf"


def asked(files, text="program dockerd\n", running="dockerd\n"):
    frames = {**RUNNING, **frame("processes", running), **text_files(files)}
    return parse(container, text, frames=frames)


def test_no_engine_is_a_fact():
    found = asked({}, "", "init\n")

    assert (found["engines"], found["running"], found["sockets"]) == ([], [], [])
    assert found["containers"] == []
    assert container.PROBE.reads(())


def test_sockets_and_who_may_use_them():
    text = "program dockerd\nprogram\nsocket 660 root docker /run/docker.sock\nsocket x\nodd\n"
    found = asked({"/etc/group": "docker:x:999:budi,ani\nother:x:1:x\n"}, text)

    assert found["sockets"] == [
        {"path": "/run/docker.sock", "mode": "0660", "owner": "root", "group": "docker"}
    ]
    assert found["members"] == ["budi", "ani"]
    assert found["running"] == ["dockerd"]


def test_settings_of_the_daemon_with_their_places():
    settings = {
        "hosts": ["unix:///run/docker.sock", "tcp://0.0.0.0:2375", 7],
        "userns-remap": "default",
        "no-new-privileges": True,
        "icc": False,
        "insecure-registries": ["10.0.0.5:5000"],
    }
    found = asked({DAEMON: json.dumps(settings, indent=1)})

    assert found["tcp"] == ["tcp://0.0.0.0:2375"]
    assert (found["verified"], found["remapped"], found["isolated"]) == (False, True, True)
    assert (found["no_new_privileges"], found["live_restore"]) == (True, False)
    assert found["places"]["remapped"] == f"{DAEMON}:7"
    assert found["places"]["live_restore"] == "default"
    assert asked({DAEMON: ""})["tcp"] == []


@pytest.mark.parametrize(
    ("line", "tcp", "verified"),
    [
        ("ExecStart=/usr/bin/dockerd -H tcp://0.0.0.0:2375", ["tcp://0.0.0.0:2375"], False),
        ("ExecStart=/x --tlsverify --host=tcp://10.0.0.1:2376", ["tcp://10.0.0.1:2376"], True),
        ("ExecStart=/usr/bin/dockerd -H fd://", [], False),
    ],
)
def test_addresses_on_the_command_line(line, tcp, verified):
    found = asked({UNIT: line})

    assert (found["tcp"], found["verified"]) == (tcp, verified)
    assert found["places"]["tcp"] == f"{UNIT}:1"


@pytest.mark.parametrize(
    ("settings", "signs"),
    [
        ({}, ()),
        ({"Privileged": True}, ("privileged",)),
        ({"CapAdd": ["CAP_SYS_ADMIN"]}, ("privileged",)),
        ({"CapAdd": ["NET_ADMIN"], "Binds": ["/srv/x:/x"]}, ()),
        ({"Binds": ["/:/host:ro"]}, ("host_files",)),
        ({"Mounts": [{"Source": "/etc"}, 7]}, ("host_files",)),
        ({"Mounts": 7, "Binds": ["/run/docker.sock:/x"]}, ("engine_socket",)),
        ({"NetworkMode": "host", "PidMode": "host"}, ("host_network", "host_processes")),
    ],
)
def test_what_a_container_holds(settings, signs):
    (row,) = asked({HOST: json.dumps(settings)})["containers"]

    assert row["id"] == "abcdef012345"
    assert {name for name, value in row.items() if value is True} == set(signs)


@pytest.mark.parametrize("text", ["{", "[1]", "[" * 100_000])
def test_broken_settings_are_not_taken_for_none(text):
    frames = {**frame("processes", "x\n"), **text_files({DAEMON: text})}

    assert why(container, "", frames=frames) is Why.UNREADABLE
