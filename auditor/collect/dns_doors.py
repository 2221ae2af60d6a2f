"""Ask a mail server for TLS, where the authority letter covers it."""

from auditor.collect import Limit, Settings
from auditor.model.fact import Why
from auditor.probe.dns_talk import Door, Knock, Mute


def knock(wanted: Knock, settings: Settings, limit: Limit, port: int) -> Door | Mute:
    return Mute(why=Why.SCOPE, detail="stub")
