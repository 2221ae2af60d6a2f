"""Why a target was not visited."""

from auditor.model.fact import Why


class Refusal(Exception):  # noqa: N818 - an answer of the target, turned into a gap
    """The target cannot be visited; `key_standing` is set where its host key is the reason."""

    def __init__(
        self, why: Why, detail: str, *, key_standing: str = "", fingerprint: str = ""
    ) -> None:
        super().__init__(detail)
        self.why = why
        self.detail = detail
        self.key_standing = key_standing
        self.fingerprint = fingerprint
