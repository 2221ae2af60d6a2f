from auditor.model.fact import Why
from auditor.probe import protection
from tests.unit.probe.asking import frame, parse, text_files, why

LOCAL = "/etc/fail2ban/jail.local"


def asked(text="", running="init\n", files=None):
    frames = {**frame("processes", running), **text_files(files or {})}
    return parse(protection, text, frames=frames)


def test_nothing_guards_is_a_fact():
    found = asked()

    assert found["guards"] == found["scanners"] == found["jails"] == []
    assert (found["has_signatures"], found["integrity"], found["alerts"]) == (False, False, False)


def test_guards_are_there_and_run_or_do_not():
    text = "there /usr/sbin/clamd\nthere /var/ossec/bin/wazuh-agentd\n"
    found = asked(text, "clamd\nauditd\n")

    assert [(g["name"], g["role"], g["running"]) for g in found["guards"]] == [
        ("clamav", "antivirus", True),
        ("wazuh", "edr", False),
        ("auditd", "monitor", True),
    ]
    assert found["scanners"] == ["clamav"]


def test_signatures_and_references():
    text = "time 1795132800 /var/lib/clamav/daily.cld\ntime 1 /var/lib/clamav/daily.cvd\n"
    found = asked(text)
    assert found["signatures"] == "2026-11-20T00:00:00+00:00"
    assert found["integrity"] is False

    assert asked("time 5 /var/lib/aide/aide.db\nnonsense\n")["integrity"] is True
    assert asked("", "wazuh-syscheckd\n")["integrity"] is True


def test_jails_are_those_enabled_last():
    found = asked(
        files={
            "/etc/fail2ban/jail.conf": "[INCLUDES]\nbefore = x\nenabled = true\n[DEFAULT]\n"
            "enabled = false\nmta = mail\naction = %(action_)s\n[sshd]\nport = ssh\n[nginx]\n???\n",
            "/etc/fail2ban/jail.d/defaults-debian.conf": "[sshd]\nenabled = true\n",
            LOCAL: "[apache]\nenabled : yes\naction = %(action_mwl)s\n",
            "/etc/fail2ban/jail.d/z.local": "[sshd]\nenabled = false\n",
        }
    )
    assert (found["jails"], found["alerts"]) == (["apache"], True)
    assert found["places"] == {
        "jails": "/etc/fail2ban/jail.d/z.local:2",
        "alerts": f"{LOCAL}:3",
    }

    found = asked(files={LOCAL: "[sshd]\nenabled = true\n[DEFAULT]\naction = telegram[x]"})
    assert (found["jails"], found["alerts"]) == (["sshd"], True)
    assert asked(files={LOCAL: "[sshd]\nenabled = true"})["alerts"] is False


def test_what_may_not_be_searched_is_not_taken_for_missing():
    frames = {**frame("processes", "init\n"), **text_files({})}

    assert why(protection, "", frames=frames, rc=77) is Why.UNREADABLE
    assert why(protection, "", frames=frames, denied=True) is Why.NEEDS_ROOT
    assert protection.PROBE.reads(())
