"""Files that show that an answer is true: found beside the form, hashed, read once more to keep."""

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from auditor.errors import ConfigError
from auditor.model.attest import EVIDENCE_LIMIT, Answer, EvidenceFile
from auditor.model.text import inert
from auditor.probe.personal_numbers import hide

FILES_LIMIT = 10
"""Files of one answer."""
_CHUNK = 2**20


class Folder:
    """The folder of a form's evidence; remembers which file has which content."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: dict[str, Path] = {}

    def file(self, name: str, before: Answer | None) -> EvidenceFile:
        """Return a file by its name, one of the answer before it where it lies here no more.

        Raises ValueError with what is wrong.
        """
        if Path(name).name != name or name.startswith(".") or inert(name) != name:
            raise ValueError(f"{hide(name)!r} is no plain file name")
        if hide(name) != name:
            raise ValueError(f"{hide(name)!r} names a person's number: give it another name")
        path = self._path / name
        kept = next((f for f in (before.evidence if before else ()) if f.name == name), None)
        if kept is not None and not os.path.lexists(path):
            return kept
        digest, size = hashlib.sha256(), 0
        try:
            for chunk in _chunks(path):
                digest.update(chunk)
                size += len(chunk)
        except OSError as error:
            raise ValueError(f"{path} cannot be read: {error.strerror}") from error
        if not size:
            raise ValueError(f"{path} is empty")
        self._found[digest.hexdigest()] = path
        return EvidenceFile(name=name, sha256=digest.hexdigest(), size=size)

    def contents(self, wanted: Mapping[str, EvidenceFile]) -> Iterator[bytes]:
        """Yield the contents of files by SHA-256, one at a time; those that are kept already not.

        Raises `ConfigError` where a file is not what it was.
        """
        for sha in wanted:
            if sha in self._found:
                yield self._content(sha, self._found[sha])

    def _content(self, sha: str, path: Path) -> bytes:
        try:
            content = b"".join(_chunks(path))
        except (OSError, ValueError) as error:
            raise ConfigError(str(path), f"cannot be read: {error}") from error
        if hashlib.sha256(content).hexdigest() != sha:
            raise ConfigError(str(path), "was changed while it was imported", hint="import again")
        return content


def _chunks(path: Path) -> Iterator[bytes]:
    """Yield a regular file's bytes; a link, a device or a file beyond the limit is refused."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ValueError(f"{path} is no file")
        left = EVIDENCE_LIMIT
        while chunk := file.read(min(_CHUNK, left + 1)):
            left -= len(chunk)
            if left < 0:
                raise ValueError(f"{path} is larger than {EVIDENCE_LIMIT // 2**20} MB")
            yield chunk
