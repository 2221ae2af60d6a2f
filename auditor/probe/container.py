"""What runs containers here, who may command it, and which containers hold the whole machine."""

import json
from collections.abc import Iterator, Sequence
from itertools import pairwise

from auditor.model.base import Text
from auditor.model.fact import Json, Kind, Why
from auditor.probe import processes
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Unseen, Via, answer
from auditor.probe.fields import leaf, record, table
from auditor.probe.texts import TextFile, Texts, texts


class ContainerArgs(Args, frozen=True):
    """Takes no arguments."""


_DAEMON = "/etc/docker/daemon.json"
_UNITS = (
    "/etc/systemd/system/docker.service",
    "/etc/systemd/system/docker.service.d/*.conf",
    "/usr/lib/systemd/system/docker.service",
    "/etc/default/docker",
    "/etc/sysconfig/docker",
)
_HOSTS = "/var/lib/docker/containers/*/hostconfig.json"
_GROUPS = "/etc/group"
_READS = (_DAEMON, *_UNITS, _HOSTS, _GROUPS)

SECTION = Section(
    key="container_sockets",
    text=r"""
set --
for p in /run/docker.sock /run/podman/podman.sock /run/containerd/containerd.sock \
  /run/crio/crio.sock; do
  [ -S "$p" ] && set -- "$@" "$p"
done
for p in /usr/bin/dockerd /usr/sbin/dockerd /usr/bin/podman /usr/bin/containerd /usr/bin/crio; do
  [ -x "$p" ] && printf 'program %s\n' "${p##*/}"
done
[ $# -eq 0 ] || stat -L -c 'socket %a %U %G %n' "$@"
""",
    shown="stat /run/docker.sock",
    bounded=True,
)
_ENGINES = ("dockerd", "podman", "containerd", "crio")
_SOCKET = 5


def _sections(_args: Sequence[ContainerArgs]) -> tuple[Section, ...]:
    return (processes.SECTION, SECTION)


def _parse(_args: ContainerArgs, frames: Frames) -> Record:
    seen = texts(frames)
    lines = [line.split(" ") for line in answer(frames, SECTION.key).split("\n")]
    sockets = [
        {"path": words[4], "mode": words[1].zfill(4)[-4:], "owner": words[2], "group": words[3]}
        for words in lines
        if words[0] == "socket" and len(words) == _SOCKET and words[1].isdecimal()
    ]
    programs = {words[1] for words in lines if words[0] == "program" and words[1:]}
    found: Record = {
        "engines": [name for name in _ENGINES if name in programs],
        "running": [name for name in _ENGINES if name in processes.running(frames)],
        "sockets": sockets,
        "members": _members(seen),
        "containers": [_container(file) for file in seen.glob(_HOSTS)],
    }
    return found | _daemon(seen)


def _members(seen: Texts) -> list[str]:
    """Return who is in the group docker: each of them can become root."""
    file = seen.file(_GROUPS)
    rows = [line.split(":") for _, line in file.lines] if file else []
    return [name for row in rows if row[0] == "docker" for name in row[-1].split(",") if name]


def _object(file: TextFile) -> dict[str, Json]:
    try:
        found = json.loads("\n".join(line for _, line in file.lines) or "{}")
    except (ValueError, RecursionError):
        raise Unseen(Why.UNREADABLE, f"{file.path} is no JSON") from None
    if not isinstance(found, dict):
        raise Unseen(Why.UNREADABLE, f"{file.path} is no JSON object")
    return found


def _daemon(seen: Texts) -> Record:
    file = seen.file(_DAEMON)
    settings = _object(file) if file else {}
    places: dict[str, str] = {}

    def place(fact: str, name: str) -> None:
        line = next((n for n, text in file.lines if f'"{name}"' in text), 0) if file else 0
        places[fact] = f"{_DAEMON}:{line}" if line else "default"

    hosts = _texts(settings.get("hosts"))
    place("tcp", "hosts")
    verified = settings.get("tlsverify") is True
    for address, is_verified, where in _options(seen):
        hosts.append(address)
        verified = verified or is_verified
        places["tcp"] = where
    for fact, name in (
        ("remapped", "userns-remap"),
        ("no_new_privileges", "no-new-privileges"),
        ("live_restore", "live-restore"),
        ("insecure_registries", "insecure-registries"),
        ("isolated", "icc"),
    ):
        place(fact, name)
    return {
        "tcp": [host for host in hosts if host.startswith("tcp://")],
        "verified": verified,
        "remapped": bool(settings.get("userns-remap")),
        "no_new_privileges": settings.get("no-new-privileges") is True,
        "live_restore": settings.get("live-restore") is True,
        "isolated": settings.get("icc") is False,
        "insecure_registries": _texts(settings.get("insecure-registries")),
        "places": places,
    }


def _texts(value: Json) -> list[str]:
    return [part for part in value if isinstance(part, str)] if isinstance(value, list) else []


def _options(seen: Texts) -> Iterator[tuple[str, bool, str]]:
    """Yield each address that the command line gives, and whether TLS is checked there."""
    for file in (file for pattern in _UNITS for file in seen.glob(pattern)):
        for number, line in file.lines:
            words = line.replace("=", " ").replace('"', " ").split()
            verified = "--tlsverify" in words
            for option, value in pairwise(words):
                if option in ("-H", "--host"):
                    yield value, verified, f"{file.path}:{number}"


def _container(file: TextFile) -> Record:
    settings = _object(file)
    binds = [bind.partition(":")[0] for bind in _texts(settings.get("Binds"))]
    mounts = settings.get("Mounts")
    binds += [
        str(mount.get("Source"))
        for mount in (mounts if isinstance(mounts, list) else ())
        if isinstance(mount, dict)
    ]
    added = {name.upper().removeprefix("CAP_") for name in _texts(settings.get("CapAdd"))}
    return {
        "id": file.path.split("/")[-2][:12],
        "privileged": settings.get("Privileged") is True
        or not added.isdisjoint(("ALL", "SYS_ADMIN")),
        "host_files": any(bind in ("/", "/etc", "/root", "/var") for bind in binds),
        "engine_socket": any(bind.endswith(("docker.sock", "podman.sock")) for bind in binds),
        "host_network": settings.get("NetworkMode") == "host",
        "host_processes": settings.get("PidMode") == "host",
        "place": file.path,
    }


PROBE = ProbeType(
    name="container",
    via=Via.SSH,
    args=ContainerArgs,
    doc=Text(
        id="Mesin kontainer, soket dan alamat perintahnya, anggota grup docker, dan kontainer "
        "Docker yang memegang seluruh mesin (menurut hostconfig.json)",
        en="Container engines, their sockets and command addresses, members of the group docker, "
        "and Docker containers that hold the whole machine (by hostconfig.json)",
    ),
    gives=record(
        "Kontainer",
        "Containers",
        {
            "engines": leaf(Kind.TEXTS, "Mesin kontainer", "Engines", may_be_empty=True),
            "running": leaf(Kind.TEXTS, "Mesin yang berjalan", "Running", may_be_empty=True),
            "sockets": table(
                "Soket perintah",
                "Command sockets",
                "path",
                {
                    "path": leaf(Kind.TEXT, "Soket", "Socket"),
                    "mode": leaf(Kind.MODE, "Izin", "Mode"),
                    "owner": leaf(Kind.TEXT, "Pemilik", "Owner"),
                    "group": leaf(Kind.TEXT, "Grup", "Group"),
                },
                may_be_empty=True,
            ),
            "members": leaf(Kind.TEXTS, "Anggota grup docker", "Group docker", may_be_empty=True),
            "containers": table(
                "Kontainer",
                "Containers",
                "id",
                {
                    "id": leaf(Kind.TEXT, "Kontainer", "Container"),
                    "privileged": leaf(Kind.BOOL, "Berhak penuh", "Privileged"),
                    "host_files": leaf(Kind.BOOL, "Memegang berkas inang", "Holds host files"),
                    "engine_socket": leaf(Kind.BOOL, "Memegang soket", "Holds the socket"),
                    "host_network": leaf(Kind.BOOL, "Jaringan inang", "Host network"),
                    "host_processes": leaf(Kind.BOOL, "Proses inang", "Host processes"),
                    "place": leaf(Kind.TEXT, "Letak", "Place"),
                },
                may_be_empty=True,
            ),
            "tcp": leaf(Kind.TEXTS, "Alamat TCP", "TCP addresses", may_be_empty=True),
            "verified": leaf(Kind.BOOL, "TLS diperiksa", "TLS is verified"),
            "remapped": leaf(Kind.BOOL, "Akun dipetakan", "Accounts are mapped"),
            "no_new_privileges": leaf(Kind.BOOL, "Tanpa hak baru", "No new privileges"),
            "live_restore": leaf(Kind.BOOL, "Pemulihan hidup", "Live restore"),
            "isolated": leaf(Kind.BOOL, "Kontainer terpisah", "Containers are kept apart"),
            "insecure_registries": leaf(
                Kind.TEXTS, "Registri tak aman", "Insecure registries", may_be_empty=True
            ),
        },
    ),
    sections=_sections,
    reads=lambda _args: _READS,
    parse=_parse,
)
