"""Whether what a server staples to its certificate is an answer about it (RFC 6960). Pure."""

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509.ocsp import OCSPResponseStatus, load_der_ocsp_response


def stapled(staple: bytes) -> bool:
    """Tell whether bytes are an OCSP response that answers; its signature is not looked at."""
    try:
        status = load_der_ocsp_response(staple).response_status
    except (ValueError, TypeError, LookupError, UnsupportedAlgorithm):
        return False
    return status is OCSPResponseStatus.SUCCESSFUL
