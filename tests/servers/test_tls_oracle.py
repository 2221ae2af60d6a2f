"""Versions and suites of real servers: ours against what sslyze sees of the same servers."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from auditor.collect import Limit
from auditor.collect.tls import Line
from auditor.probe.tls import Endpoint
from auditor.probe.tls_suites import suite_name
from tests.servers.certificates import SITE, ec_key, issue, rsa_key
from tests.servers.sslyze_oracle import suites_by_version
from tests.servers.tls_servers import free_port, nginx_server, openssl_server

OPENSSL = {
    "everything": [
        *("-cipher", "ALL:COMPLEMENTOFALL:@SECLEVEL=0", "-ciphersuites"),
        ":".join(suite_name(code) for code in range(0x1301, 0x1306)),
    ],
    "default": [],
    "tls 1.0 only": ["-tls1", "-cipher", "ALL:@SECLEVEL=0"],
    "tls 1.1 only": ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"],
    "tls 1.2 only": ["-tls1_2"],
    "tls 1.3 only": ["-tls1_3"],
    "preferred by server": ["-serverpref", "-tls1_2", "-cipher", "AES256:CHACHA20:!aNULL"],
    "null only": ["-tls1_2", "-cipher", "NULL:@SECLEVEL=0"],
}

NOT_TRIED_BY_SSLYZE = {
    "everything": {
        "TLSv1.2": {
            "TLS_DH_anon_WITH_CAMELLIA_128_CBC_SHA256",
            "TLS_DH_anon_WITH_CAMELLIA_256_CBC_SHA256",
        }
    },
    "null only": {
        "TLSv1.2": {
            "TLS_ECDHE_RSA_WITH_NULL_SHA",
            "TLS_ECDH_anon_WITH_NULL_SHA",
            "TLS_RSA_WITH_NULL_MD5",
            "TLS_RSA_WITH_NULL_SHA",
            "TLS_RSA_WITH_NULL_SHA256",
        }
    },
}
"""sslyze 6.3 knows no suite of DH_anon with Camellia and SHA-256, and does not connect to a server
that encrypts nothing; OpenSSL's own list (`openssl ciphers -s -stdname`) has both."""


@pytest.fixture(scope="module")
def ports(root, tmp_path_factory):
    """Servers by name, at their ports."""
    with ExitStack() as servers:
        found = {}
        for name, options in OPENSSL.items():
            leaf = issue(issuer=root, key=rsa_key())
            folder = tmp_path_factory.mktemp("openssl")
            found[name] = servers.enter_context(openssl_server(folder, leaf, *options))
        found["two certificates"] = free_port()
        folder = tmp_path_factory.mktemp("nginx")
        certificates = "".join(
            f"ssl_certificate {certificate}; ssl_certificate_key {key};"
            for certificate, key in (
                issue(issuer=root, key=rsa_key()).write(folder, "rsa"),
                issue(issuer=root, key=ec_key()).write(folder, "ec"),
            )
        )
        servers.enter_context(
            nginx_server(
                folder,
                f"server {{ listen 127.0.0.1:{found['two certificates']} ssl; {certificates}"
                "ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ssl_ciphers ALL:@SECLEVEL=0; }",
            )
        )
        yield found


@pytest.fixture(scope="module")
def theirs(ports):
    """What sslyze sees at each port."""
    return suites_by_version(list(ports.values()), SITE)


@pytest.mark.parametrize("name", [*OPENSSL, "two certificates"])
def test_versions_and_suites_are_those_that_sslyze_sees(name, ports, theirs):
    line = Line(
        "127.0.0.1",
        Endpoint(name=SITE, port=ports[name]),
        5.0,
        Limit(30, threading.Event(), time.monotonic),
    )

    with ThreadPoolExecutor(5) as pool:
        seen = line.survey(pool)

    ours = {
        view.version.label: {suite_name(code) for code in view.suites}
        for view in seen
        if view.suites
    }
    for version, more in NOT_TRIED_BY_SSLYZE.get(name, {}).items():
        assert more <= ours[version]
        ours[version] -= more
    assert {version: suites for version, suites in ours.items() if suites} == theirs[ports[name]]
