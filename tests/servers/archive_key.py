"""A key made here that signs suites as an archive's key does, by the real gpg."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class ArchiveKey:
    """Signs texts; `keyring` is the file that gpgv verifies them by."""

    def __init__(self, home: Path) -> None:
        home.chmod(0o700)
        self._gpg = ["gpg", "--homedir", str(home), "--batch", "--quiet", "--passphrase", ""]
        self._run("--quick-generate-key", "Arsip Uji", "rsa2048", "sign", "never")
        self.keyring = home / "keys.gpg"
        self.keyring.write_bytes(self._run("--export"))

    def _run(self, *args: str, data: bytes = b"") -> bytes:
        done = subprocess.run([*self._gpg, *args], check=True, capture_output=True, input=data)
        return done.stdout

    def sign(self, text: str) -> bytes:
        """Return a text as an InRelease has it."""
        return self._run("--clearsign", data=text.encode())


@contextmanager
def archive_key(home: Path) -> Iterator[ArchiveKey]:
    """A key whose agent ends with it."""
    try:
        yield ArchiveKey(home)
    finally:
        subprocess.run(["gpgconf", "--homedir", home, "--kill", "all"], check=False)
