"""The command that opens the channel: become root where that is allowed, then read the script."""

from auditor.model.inventory import Sudo

_LOCALE = "LC_ALL=C; export LC_ALL; "
"""Before the shell starts: some look at their locale only then, and lengths count bytes."""

_BECOME_ROOT = (
    "IFS= read -r p; "
    '[ "$(id -u)" = 0 ] && exec sh -s; '
    "command -v sudo >/dev/null 2>&1 || exec sh -s; "
    "sudo -k -n sh -s </dev/null >/dev/null 2>&1 && exec sudo -k -n sh -s; "
    '[ -n "$p" ] || exec sh -s; '
    'printf "%s\\n" "$p" | sudo -k -S -p "" sh -s >/dev/null 2>&1 || exec sh -s; '
    '{ printf "%s\\n" "$p"; cat; } | sudo -k -S -p "" sh -s'
)
"""The password is only in a shell variable and in pipes, for `read` and `printf` are builtins.

- `-k` beside a command neither uses nor writes sudo's record of earlier logins.
- The first try has the password's line for all its input: a wrong one is tried once, and sudo
  never takes lines of the script for further tries.
- What is tried is what is then run, so a sudo rule that allows only `sh -s` is enough.
"""

_RUN_PINNED = (
    "IFS= read -r n; "
    "sudo -k -n -l {path} >/dev/null 2>&1 && "
    '{{ printf "%s\\n" "${{n#N=}}" | sudo -k -n {path}; exit; }}; '
    '{{ printf "%s\\n" "$n"; cat; }} | sh -s'
)
"""The first line sets the nonce. The pinned file gets it alone; where sudo does not allow that
very file, the script that follows runs without root.
"""

FOLDER = "/usr/local/lib/auditor"
"""Where an administrator puts the reviewed script on a target."""


def pinned_path(digest: str) -> str:
    """Return where the script with this SHA-256 digest (hexadecimal) lies on a target."""
    return f"{FOLDER}/visit-{digest[:16]}"


def bootstrap(sudo: Sudo, digest: str = "") -> str:
    """Return the command to put on a channel; the script follows on its standard input.

    With `Sudo.AUTO`, the first line there is the password, possibly empty; `Sudo.PINNED` runs the
    reviewed script with `digest`. Where root is refused the script runs without it; its frame
    `uid` tells. One line, and nothing in it that csh or fish would read in another way.
    """
    match sudo:
        case Sudo.AUTO:
            become = _BECOME_ROOT
        case Sudo.PINNED:
            become = _RUN_PINNED.format(path=pinned_path(digest))
        case _:
            become = "exec sh -s"
    return f"exec sh -c '{_LOCALE}{become}'"
