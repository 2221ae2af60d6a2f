"""What sslyze, an independent scanner, sees of a TLS server."""

import warnings
from collections.abc import Iterable
from pathlib import Path

with warnings.catch_warnings():  # sslyze touches what cryptography has deprecated
    warnings.simplefilter("ignore")
    from sslyze import (
        CertificateInfoExtraArgument,
        ProtocolWithOpportunisticTlsEnum,
        ScanCommand,
        ScanCommandsExtraArguments,
        Scanner,
        ServerNetworkConfiguration,
        ServerNetworkLocation,
        ServerScanRequest,
    )

from tests.servers.peers import Server, Verdicts, days_left, exchange

COMMANDS = {
    "SSLv3": ScanCommand.SSL_3_0_CIPHER_SUITES,
    "TLSv1.0": ScanCommand.TLS_1_0_CIPHER_SUITES,
    "TLSv1.1": ScanCommand.TLS_1_1_CIPHER_SUITES,
    "TLSv1.2": ScanCommand.TLS_1_2_CIPHER_SUITES,
    "TLSv1.3": ScanCommand.TLS_1_3_CIPHER_SUITES,
}
MORE = {
    ScanCommand.CERTIFICATE_INFO,
    ScanCommand.ELLIPTIC_CURVES,
    ScanCommand.TLS_COMPRESSION,
    ScanCommand.SESSION_RENEGOTIATION,
    ScanCommand.TLS_FALLBACK_SCSV,
    ScanCommand.HEARTBLEED,
}
STARTTLS = {
    "smtp": ProtocolWithOpportunisticTlsEnum.SMTP,
    "imap": ProtocolWithOpportunisticTlsEnum.IMAP,
    "pop3": ProtocolWithOpportunisticTlsEnum.POP3,
    "ldap": ProtocolWithOpportunisticTlsEnum.LDAP,
    "ftp": ProtocolWithOpportunisticTlsEnum.FTP,
    "psql": ProtocolWithOpportunisticTlsEnum.POSTGRES,
}
NAMES = {"X25519": "x25519", "X448": "x448", "prime256v1": "secp256r1"}


def suites_by_version(
    ports: list[int], name: str, *, certificate: bool = False
) -> dict[int, dict[str, set[str]]]:
    """Return, for each port of 127.0.0.1, the accepted suites of each version that has some.

    `certificate`: it is looked at as well, so that the work compares with ours.
    """
    commands = {*COMMANDS.values(), *([ScanCommand.CERTIFICATE_INFO] if certificate else [])}
    servers = [Server(str(port), port, name) for port in ports]
    return {
        result.server_location.port: _suites(result.scan_result)
        for result in scan(servers, commands)
    }


def sslyze(servers: Iterable[Server], root: Path, *, patient: bool = False) -> dict[str, Verdicts]:
    """Return what sslyze says of each server, by the server's name; nothing where it gives up.

    `patient`: over one connection at a time. It takes a connection that fails for a refusal, and
    a server that answers one by one lets connections wait.
    """
    servers = list(servers)
    names = {server.port: server.name for server in servers}
    return {
        names[result.server_location.port]: verdicts(result.scan_result)
        if result.scan_result
        else {}
        for result in scan(servers, {*COMMANDS.values(), *MORE}, root, patient=patient)
    }


def scan(
    servers: Iterable[Server],
    commands: set[ScanCommand],
    root: Path | None = None,
    *,
    patient: bool = False,
) -> list:
    """Run sslyze's commands on servers, and return its results; a root is trusted."""
    trusted = CertificateInfoExtraArgument(custom_ca_file=root) if root else None
    requests = [
        ServerScanRequest(
            server_location=ServerNetworkLocation(
                hostname=server.site, port=server.port, ip_address=server.address
            ),
            network_configuration=ServerNetworkConfiguration(
                tls_server_name_indication=server.site,
                tls_opportunistic_encryption=STARTTLS.get(server.starttls),
            ),
            scan_commands=commands,
            scan_commands_extra_arguments=ScanCommandsExtraArguments(certificate_info=trusted),
        )
        for server in servers
    ]
    scanner = Scanner(per_server_concurrent_connections_limit=1 if patient else None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scanner.queue_scans(requests)
        return list(scanner.get_results())


def _accepted(result: object) -> dict[str, list]:
    found = {}
    for version, command in COMMANDS.items():
        attempt = getattr(result, command.value)
        if attempt.result and attempt.result.accepted_cipher_suites:
            found[version] = attempt.result.accepted_cipher_suites
    return found


def _suites(result: object | None) -> dict[str, set[str]]:
    if result is None:  # it offers no suite that sslyze connects with
        return {}
    return {
        version: {suite.cipher_suite.name for suite in suites}
        for version, suites in _accepted(result).items()
    }


def verdicts(result: object) -> Verdicts:
    """Put a result in our words; commands that were not run are left out."""
    accepted = _accepted(result)
    suites = [(version, suite) for version, found in accepted.items() for suite in found]
    found: dict[str, object] = {
        "versions": set(accepted),
        "suites": {f"{version} {suite.cipher_suite.name}" for version, suite in suites},
        **exchange(
            (
                suite.cipher_suite.name,
                f"{suite.ephemeral_key.type_name} {suite.ephemeral_key.size}"
                if suite.ephemeral_key
                else "RSA",
            )
            for _, suite in suites
        ),
    }
    for question, command, field in _FIELDS:
        attempt = getattr(result, command.value)
        if attempt is not None and attempt.result is not None:
            found[question] = getattr(attempt.result, field)
    curves = result.elliptic_curves and result.elliptic_curves.result
    if curves:
        found["curves"] = {
            NAMES.get(curve.name, curve.name) for curve in curves.supported_curves or ()
        }
    information = result.certificate_info.result
    return found | (_certificates(information.certificate_deployments) if information else {})


_FIELDS = (
    ("compression", ScanCommand.TLS_COMPRESSION, "supports_compression"),
    ("fallback refused", ScanCommand.TLS_FALLBACK_SCSV, "supports_fallback_scsv"),
    ("secure renegotiation", ScanCommand.SESSION_RENEGOTIATION, "supports_secure_renegotiation"),
    ("heartbleed", ScanCommand.HEARTBLEED, "is_vulnerable_to_heartbleed"),
)


def _certificates(deployments: list) -> Verdicts:
    """Judge several certificates as one: the keys of all, and the worst of the rest."""
    leaves = [deployment.received_certificate_chain[0] for deployment in deployments]
    keys = [leaf.public_key() for leaf in leaves]
    return {
        "days left": min(days_left(leaf.not_valid_after_utc) for leaf in leaves),
        "key": " and ".join(
            f"{'EC' if hasattr(key, 'curve') else 'RSA'} {key.key_size}" for key in keys
        ),
        "signature": " and ".join(
            dict.fromkeys(leaf.signature_hash_algorithm.name for leaf in leaves)
        ),
        "trusted": all(
            path.was_validation_successful
            for deployment in deployments
            for path in deployment.path_validation_results
            if path.trust_store.name == "Supplied CA file"
        ),
        "order": all(deployment.received_chain_has_valid_order for deployment in deployments),
        "OCSP staple": any(deployment.ocsp_response for deployment in deployments),
    }
