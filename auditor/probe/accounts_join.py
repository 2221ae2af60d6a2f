"""What accounts and groups say of each other: groups that are missing, names and ids in double."""

from collections.abc import Iterable, Sequence

from auditor.probe.base import Record

_SHOWN = 20
"""Names that are listed of those that share an id."""


def add_groups(users: Sequence[Record], groups: Sequence[Record]) -> None:
    """Add whether a user's group exists, and to a group whose group it is."""
    primary: dict[int, list[str]] = {}
    for user in users:
        primary.setdefault(user["gid"], []).append(user["name"])
    known = {group["gid"] for group in groups}
    for user in users:
        user["group_exists"] = user["gid"] in known
    for group in groups:
        group["primary"] = primary.get(group["gid"], [])


def add_doubles(found: Record) -> None:
    """Add ids and names that stand in the files more than once, with who has them."""
    users, groups = found["users"], found["groups"]
    found["double_uids"] = _doubles((user["uid"], user["name"]) for user in users)
    found["double_names"] = _doubles((user["name"], str(user["uid"])) for user in users)
    found["double_gids"] = _doubles((group["gid"], group["name"]) for group in groups)
    found["double_groups"] = _doubles((group["name"], str(group["gid"])) for group in groups)


def _doubles(pairs: Iterable[tuple[int | str, str]]) -> list[str]:
    """Return "key: one, other" for each key of more than one pair."""
    named: dict[int | str, list[str]] = {}
    for key, name in pairs:
        named.setdefault(key, []).append(name)
    return [f"{key}: {', '.join(names[:_SHOWN])}" for key, names in named.items() if len(names) > 1]
