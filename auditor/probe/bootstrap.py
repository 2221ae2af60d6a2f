"""The command that opens the channel: become root where that is allowed, then read the script."""

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


def bootstrap(*, sudo: bool) -> str:
    """Return the command to put on a channel; the script follows on its standard input.

    With `sudo`, the first line there is the password, possibly empty. Where root is refused the
    script runs without it; its frame `uid` tells. One line, and nothing in it that csh or fish
    would read in another way.
    """
    return f"exec sh -c '{_LOCALE}{_BECOME_ROOT if sudo else 'exec sh -s'}'"
