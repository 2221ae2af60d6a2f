"""Settings, limits and authorities that the network tests share."""

import os
import threading
import time
from datetime import date, timedelta

import pytest

from auditor.collect import Limit, Settings
from auditor.model.inventory import Authority, City, Inventory, Opd, Scope
from tests.servers.certificates import NOW, Issued, issue, rsa_key


@pytest.fixture(scope="session")
def root() -> Issued:
    """An authority that the settings trust."""
    return issue("Otoritas Uji", ca=True, key=rsa_key(), begins=NOW - timedelta(days=400), days=900)


@pytest.fixture(scope="session")
def settings(root, tmp_path_factory) -> Settings:
    """Settings with short waits, the time of the certificates, and `root` trusted."""
    ca_file = tmp_path_factory.mktemp("ca") / "ca.pem"
    ca_file.write_bytes(root.pem)
    inventory = Inventory(
        city=City(name="Kota Uji", unit="Diskominfo (Uji) é"),
        authority=Authority(
            letter="1/ST/2026",
            date=date(2026, 1, 1),
            valid_until=date(2026, 12, 31),
            scope=Scope(networks=("127.0.0.0/8", "::1/128"), domains=("localhost",)),
        ),
        opds=(Opd(id="o", name="O"),),
        targets=(),
        ca_file=str(ca_file),
    )
    return Settings(inventory=inventory, connect_timeout=2.0, now=lambda: NOW)


@pytest.fixture
def stopped() -> threading.Event:
    """The event that stops a run."""
    return threading.Event()


@pytest.fixture
def limit(stopped) -> Limit:
    """Thirty seconds for a task."""
    return Limit(30, stopped, time.monotonic)


@pytest.fixture
def nmap(monkeypatch, tmp_path):
    """Put a shell text in nmap's place."""

    def replace(text):
        program = tmp_path / "nmap"
        program.write_text(f"#!/bin/sh\n{text}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    return replace
