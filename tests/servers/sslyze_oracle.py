"""What sslyze, an independent scanner, sees of a TLS server."""

import warnings

with warnings.catch_warnings():  # sslyze touches what cryptography has deprecated
    warnings.simplefilter("ignore")
    from sslyze import (
        ScanCommand,
        Scanner,
        ServerNetworkConfiguration,
        ServerNetworkLocation,
        ServerScanRequest,
    )

COMMANDS = {
    "SSLv3": ScanCommand.SSL_3_0_CIPHER_SUITES,
    "TLSv1.0": ScanCommand.TLS_1_0_CIPHER_SUITES,
    "TLSv1.1": ScanCommand.TLS_1_1_CIPHER_SUITES,
    "TLSv1.2": ScanCommand.TLS_1_2_CIPHER_SUITES,
    "TLSv1.3": ScanCommand.TLS_1_3_CIPHER_SUITES,
}


def suites_by_version(
    ports: list[int], name: str, *, certificate: bool = False
) -> dict[int, dict[str, set[str]]]:
    """Return, for each port of 127.0.0.1, the accepted suites of each version that has some.

    `certificate`: it is looked at as well, so that the work compares with ours.
    """
    commands = {*COMMANDS.values(), *([ScanCommand.CERTIFICATE_INFO] if certificate else [])}
    requests = [
        ServerScanRequest(
            server_location=ServerNetworkLocation(hostname=name, port=port, ip_address="127.0.0.1"),
            network_configuration=ServerNetworkConfiguration(tls_server_name_indication=name),
            scan_commands=commands,
        )
        for port in ports
    ]
    scanner = Scanner()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scanner.queue_scans(requests)
        results = list(scanner.get_results())
    return {result.server_location.port: _suites(result.scan_result) for result in results}


def _suites(result: object | None) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    if result is None:  # it offers no suite that sslyze connects with
        return found
    for version, command in COMMANDS.items():
        attempt = getattr(result, command.value)
        accepted = attempt.result.accepted_cipher_suites
        if accepted:
            found[version] = {suite.cipher_suite.name for suite in accepted}
    return found
