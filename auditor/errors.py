"""The three kinds of failure that end a command.

AuditorError
├── ConfigError     the operator's mistake: a file, an option, a name        exit 2
├── StoreError      our environment fails: disk, database, output folder     exit 3
└── LockedError     another run holds the store                              exit 75

A target that misbehaves raises nothing: it becomes a `Gap`. A bug keeps its traceback (exit 4).
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the shell is told; codes that are not listed are reserved."""

    MET = 0
    FINDINGS = 1
    USAGE = 2
    STORE = 3
    INTERNAL = 4
    INCOMPLETE = 5
    LOCKED = 75


class AuditorError(Exception):
    """Base of every error that the command line shows without a traceback."""

    exit_code = ExitCode.INTERNAL


class ConfigError(AuditorError):
    """Something that the operator wrote cannot be used.

    `path` is a file name or an option, `line` and `column` count from 1 and are 0 where unknown.
    """

    exit_code = ExitCode.USAGE

    def __init__(
        self, path: str, problem: str, *, line: int = 0, column: int = 0, hint: str = ""
    ) -> None:
        super().__init__(path, problem, line, column, hint)
        self.path = path
        self.problem = problem
        self.line = line
        self.column = column
        self.hint = hint

    def __str__(self) -> str:
        where = self.path
        if self.line:
            where += f":{self.line}"
            if self.column:
                where += f":{self.column}"
        hint = f"\n  hint: {self.hint}" if self.hint else ""
        return f"{where}: {self.problem}{hint}"


class ConfigErrors(ConfigError):  # noqa: N818 - several of them
    """Several mistakes found in one reading; `errors` holds at least one, in file order."""

    def __init__(self, errors: tuple[ConfigError, ...]) -> None:
        first = errors[0]
        super().__init__(
            first.path, first.problem, line=first.line, column=first.column, hint=first.hint
        )
        self.errors = errors

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)


class StoreError(AuditorError):
    """A run could not be kept or a report could not be written."""

    exit_code = ExitCode.STORE


class LockedError(AuditorError):
    """Another run holds the store; the message says which process and since when."""

    exit_code = ExitCode.LOCKED
