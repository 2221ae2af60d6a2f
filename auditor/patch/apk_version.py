"""APK versions as byte keys (placeholder until helper "checks" writes it)."""


def apk_key(version: str) -> bytes:
    """Return the key of a version."""
    return version.encode()
