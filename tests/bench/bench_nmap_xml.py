"""Memory and time of reading nmap's XML: our reader over a pipe, python-nmap whole and in parts.

Run: `python -m tests.bench.bench_nmap_xml [targets]`. Each measurement has a process of its own;
another one writes the XML, so that no reader is charged for it.
"""

import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

TARGETS, PORTS = 2_000, 1_000
WHOLE = 200
"""Targets that python-nmap is given at once: all of them would take some gigabytes."""
PART = 20
CHUNK = 65_536
Row = tuple[str, int, int, float, float, float]
"""What was measured, targets, MB of XML, wall s, CPU s, growth of resident memory in MB."""

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE nmaprun>\n'
    '<nmaprun scanner="nmap" args="nmap" start="1" startstr="" version="7.93">\n'
)
FOOT = (
    '<runstats><finished time="1" timestr="" elapsed="1" exit="success"/>'
    '<hosts up="1" down="0" total="1"/></runstats></nmaprun>'
)


def host(number: int, ports: str) -> str:
    """Return one host as nmap writes it, with these ports."""
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    return (
        '<host starttime="1" endtime="2"><status state="up" reason="user-set" reason_ttl="0"/>\n'
        f'<address addr="{address}" addrtype="ipv4"/>\n<hostnames>\n</hostnames>\n'
        '<ports><extraports state="closed" count="64535">\n<extrareasons reason="reset"'
        ' count="64535" proto="tcp" ports="1001-65535"/>\n</extraports>\n'
        f'{ports}</ports>\n<times srtt="5" rttvar="0" to="100000"/>\n</host>\n'
    )


def write(targets: int) -> None:
    """Write a scan of many targets to standard output."""
    ports = "".join(
        f'<port protocol="tcp" portid="{n}"><state state="open" reason="syn-ack" reason_ttl="64"/>'
        '<service name="http" product="nginx" version="1.22.1" method="probed" conf="10">'
        "<cpe>cpe:/a:igor_sysoev:nginx:1.22.1</cpe></service></port>\n"
        for n in range(1, PORTS + 1)
    )
    sys.stdout.write(HEAD)
    for number in range(targets):
        sys.stdout.write(host(number, ports))
    sys.stdout.write(FOOT)


def ours() -> Iterator[int]:
    """Read as the collector does; yield the ports of each host."""
    from auditor.collect.nmap_xml import HostReader

    reader = HostReader()
    yield 0
    while piece := sys.stdin.buffer.read(CHUNK):
        for found in reader.feed(piece):
            yield len(found.ports)
    reader.close()


def _analyse(text: str) -> int:
    import nmap

    reader = nmap.PortScanner.__new__(nmap.PortScanner)
    scanned = reader.analyse_nmap_xml_scan(nmap_xml_output=text)["scan"]
    return sum(len(one["tcp"]) for one in scanned.values())


def whole() -> Iterator[int]:
    """Give python-nmap everything at once, as its own `scan` does."""
    import nmap  # noqa: F401 - counted before the reading

    yield 0
    yield _analyse(sys.stdin.read())


def parts() -> Iterator[int]:
    """Give python-nmap some hosts at a time."""
    import nmap  # noqa: F401

    yield 0
    text, hosts = "", 0
    for line in sys.stdin:
        text += line if line.startswith("<host ") or text else ""
        hosts += line == "</host>\n"
        if hosts == PART:
            yield _analyse(HEAD + text + FOOT)
            text, hosts = "", 0


def iterparse() -> Iterator[int]:
    """Read elements without python-nmap, for comparison."""
    from xml.etree import ElementTree as ET

    yield 0
    for _, element in ET.iterparse(sys.stdin.buffer):
        if element.tag == "host":
            yield sum(1 for _ in element.iter("port"))
            element.clear()


READERS = {"ours": ours, "whole": whole, "parts": parts, "iterparse": iterparse}


def _read(name: str) -> None:
    """Print ports, wall, CPU, growth; the first item of a reader comes after its imports."""
    steps = READERS[name]()
    next(steps)
    before = _resident()
    wall, cpu = time.perf_counter(), time.process_time()
    ports = sum(steps)
    growth = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before
    print(ports, time.perf_counter() - wall, time.process_time() - cpu, growth)


def _resident() -> float:
    with Path("/proc/self/status").open(encoding="ascii") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


def _measure(what: str, reader: str, targets: int) -> Row:
    here = [sys.executable, "-m", "tests.bench.bench_nmap_xml"]
    with subprocess.Popen([*here, "write", str(targets)], stdout=subprocess.PIPE) as writer:
        told = subprocess.run(
            [*here, "read", reader], stdin=writer.stdout, capture_output=True, text=True, check=True
        ).stdout.split()
    assert int(told[0]) == targets * PORTS
    size = targets * len(host(1, "")) + targets * PORTS * 220
    return what, targets, size // 2**20, float(told[1]), float(told[2]), float(told[3])


def main(targets: int = TARGETS) -> list[Row]:
    """Return a row for each way of reading."""
    few = min(WHOLE, targets)
    return [
        _measure("our reader", "ours", targets),
        _measure("our reader", "ours", few),
        _measure("python-nmap, all at once", "whole", few),
        _measure(f"python-nmap, {PART} hosts at a time", "parts", few),
        _measure("ElementTree.iterparse alone", "iterparse", few),
    ]


if __name__ == "__main__":
    if sys.argv[1:2] == ["write"]:
        write(int(sys.argv[2]))
    elif sys.argv[1:2] == ["read"]:
        _read(sys.argv[2])
    else:
        for row in main(*map(int, sys.argv[1:2])):
            print(
                "{:32} {:5} targets {:4} MB  wall {:6.2f} s  CPU {:6.2f} s  +{:.0f} MB".format(*row)
            )
