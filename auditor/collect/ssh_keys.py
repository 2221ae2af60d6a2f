"""Private keys to log in with: named ones, the agent's, the usual ones."""

import base64
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import paramiko

from auditor.collect.ssh_route import Hop
from auditor.model.text import inert

DEFAULT_KEYS = ("id_ed25519", "id_ecdsa", "id_rsa")


class Unusable(Exception):  # noqa: N818 - the operator's key, told in the gap
    """A private key cannot be read or needs a passphrase."""


def keys_for(hop: Hop) -> Generator[tuple[str, paramiko.PKey | None]]:
    """Yield name and key in the order of trying; None: the key cannot be used.

    Raises `Unusable` for a key that the inventory names: nothing else is tried in its place.
    """
    for name in hop.keys:
        yield name, _private_key(name)
    if hop.only_these_keys:
        return
    usual = tuple(Path.home() / ".ssh" / name for name in DEFAULT_KEYS)
    files = [path for path in hop.way.keys or usual if path.is_file()]
    named = {blob for path in files if (blob := _public_blob(path))}
    with _agent(hop) as held:
        yield from ((name, key) for name, key in held if key.asbytes() in named)
        for path in files:
            yield _usable(path)
        if not hop.way.only_these_keys:
            yield from ((name, key) for name, key in held if key.asbytes() not in named)


@contextmanager
def _agent(hop: Hop) -> Iterator[list[tuple[str, paramiko.PKey]]]:
    """Give the keys of the agent, which signs with them as long as it is open."""
    if not (hop.way.agent and os.environ.get("SSH_AUTH_SOCK")):
        yield []
        return
    agent = paramiko.Agent()
    try:
        yield [(f"agent {key.get_name()}", key) for key in agent.get_keys()]
    finally:
        agent.close()


def _public_blob(path: Path) -> bytes:
    """Return the public half of a key as the file beside it has it, or nothing."""
    try:
        public = path.with_name(f"{path.name}.pub").read_text(encoding="utf-8", errors="replace")
        return base64.b64decode(public.split()[1], validate=True)
    except (OSError, ValueError, IndexError):
        return b""


def _usable(path: Path) -> tuple[str, paramiko.PKey | None]:
    try:
        return str(path), _private_key(str(path))
    except Unusable as error:
        return str(error), None


@lru_cache(maxsize=64)
def _private_key(path: str) -> paramiko.PKey:
    try:
        return paramiko.PKey.from_path(Path(path).expanduser())
    except (OSError, paramiko.SSHException, ValueError, TypeError, RuntimeError) as error:
        words = " ".join(inert(str(error)).split())[:200]
        raise Unusable(f"key {path} cannot be used: {words}") from error
