"""What starts by itself or lets someone in again: units, jobs, profiles, preloads and SSH keys.

Each text is judged on the target: signs and places leave it, never a command or a comment.
"""

import re
from collections.abc import Mapping, Sequence

from auditor.model.base import Text
from auditor.model.fact import GAP, Field, Kind, Why
from auditor.probe.base import Args, Frames, ProbeType, Record, Section, Via, answer
from auditor.probe.fields import leaf, record, table


class PersistenceArgs(Args, frozen=True):
    """Takes no arguments."""


MOST = 200
"""Rows of each kind that are kept; all are counted."""

_CLASSES: Mapping[str, str] = {
    "unit": "/etc/systemd/system/*.service /etc/systemd/system/*.service.d/*.conf "
    "/usr/lib/systemd/system/*.service /usr/local/lib/systemd/system/*.service "
    "/run/systemd/system/*.service /etc/systemd/user/*.service "
    "/root/.config/systemd/user/*.service /home/*/.config/systemd/user/*.service",
    "crontab": "/etc/crontab /etc/cron.d/*",
    "account": "/var/spool/cron/crontabs/* /var/spool/cron/*",
    "script": "/etc/rc.local /etc/rc.d/rc.local /etc/cron.hourly/* /etc/cron.daily/* "
    "/etc/cron.weekly/* /etc/cron.monthly/*",
    "profile": "/etc/environment /etc/environment.d/*.conf /etc/security/pam_env.conf "
    "/etc/profile /etc/profile.d/* /etc/bash.bashrc /etc/bashrc /root/.bashrc /root/.profile "
    "/root/.bash_profile /home/*/.bashrc /home/*/.profile /home/*/.bash_profile",
    "preload": "/etc/ld.so.preload",
}
_WEB = "www-data|apache|nginx|http|nobody|wwwrun"

_JUDGE = r"""
function hit(kind, what, line) {
  if (++n[kind] <= MOST) print kind "\t" what "\t" FILENAME ":" line
}
function judge(s, l) {
  if (s ~ START PLACES) hit("odd", "temp-path", l)
  if (s ~ /(curl|wget|fetch|lynx)[ \t].*\|[ \t]*(sudo[ \t]+)?(ba|da|z|k)?sh([ \t]|$)/)
    hit("odd", "download-run", l)
  if (s ~ /base64[ \t]+(-d|--decode|-di).*\|[ \t]*((ba|da|z|k)?sh|python3?|perl)([ \t]|$)/)
    hit("odd", "decode-run", l)
  if (s ~ /\/dev\/(tcp|udp)\/|(^|[ \t\/])(nc|ncat|netcat)[ \t].*-[a-z]*e|socat.*exec:/)
    hit("odd", "reverse-shell", l)
}
BEGIN {
  START = "(^|[;&|(][ \t]*|(sh|nohup|source|exec|\\.)[ \t]+(-c[ \t]*)?)[\"\047]?"
  PLACES = "(/tmp|/dev/shm|/var/tmp|/run/user)/"
}
/^[ \t]*(#|$)/ { next }
C == "key" {
  gsub(/"([^"\\]|\\.)*"/, "")
  if (match($0, /(sk-)?(ssh|ecdsa)-[a-z0-9@.-]+[ \t]+AAAA[A-Za-z0-9+\/=]*/)) {
    o = substr($0, 1, RSTART - 1); k = substr($0, RSTART, RLENGTH)
    gsub(/[ \t]/, "", o); gsub(/[^A-Za-z0-9,=-]/, "", o)
    split(k, f, /[ \t]+/)
    if (++n["key"] <= MOST)
      print "key\t" W "\t" f[1] "\t" length(f[2]) "\t" substr(o, 1, 200) "\t" FILENAME ":" FNR
  }
  next
}
{ gsub(/\t/, " ") }
C == "preload" { hit("preload", "file", FNR); next }
/(^|[^A-Za-z_])LD_PRELOAD *=? *[^ =]/ && !/unset|-u LD_PRELOAD/ { hit("preload", "variable", FNR) }
C == "unit" {
  if (!/^ *Exec[A-Za-z]* *=/) next
  sub(/^[^=]*= */, ""); sub(/^[-@:+!]*/, "")
  judge($0, FNR)
  if (FILENAME !~ /\/user\// && /^\/home\//) hit("odd", "home-path", FNR)
  next
}
C == "crontab" || C == "account" {
  if (/^ *[A-Za-z_]+ *=/) next
  if (!sub(/^ *@[a-z]+ +/, "")) sub(/^ *[^ ]+ +[^ ]+ +[^ ]+ +[^ ]+ +[^ ]+ +/, "")
  who = FILENAME; sub(/^.*\//, "", who)
  if (C == "crontab") { who = $0; sub(/ .*$/, "", who); sub(/^[^ ]+ +/, "") }
  if (who ~ WEB && !/artisan|wp-cron\.php|cron\.php|drush|occ /) hit("web", who, FNR)
}
{ judge($0, FNR) }
END { for (k in n) print "=" n[k] "\t" k }
"""

_LOOPS = "\n".join(
    f'set -- "$@" C={name}\nfor f in {paths}; do [ -f "$f" ] && set -- "$@" "$f"; done'
    for name, paths in _CLASSES.items()
)
SECTION = Section(
    key="persistence",
    shown="cat UNITS CRONTABS PROFILES /etc/ld.so.preload ~/.ssh/authorized_keys",
    root=True,
    bounded=True,
    text=rf"""
set --
{_LOOPS}
set -- "$@" C=key
while IFS=: read -r u _ _ _ _ h _; do
  for f in "$h/.ssh/authorized_keys" "$h/.ssh/authorized_keys2" "/etc/ssh/authorized_keys/$u"; do
    case $f in //*) continue ;; esac
    [ -f "$f" ] && set -- "$@" "W=$u" "$f"
  done
done </etc/passwd
t 20 awk -v MOST={MOST} -v WEB='^({_WEB})$' '{_JUDGE}' "$@"
r=$?
command -v getcap >/dev/null || {{ printf 'getcap\n'; return "$r"; }}
t 10 getcap /usr/bin/* /usr/sbin/* /usr/local/bin/* /usr/local/sbin/* /usr/libexec/* /opt/*/bin/*
return "$r"
""",
)
_CAPABILITY = re.compile(r"(/.+?) (?:= )?((?:cap_[a-z_]+,?)+)[=+][a-z]+.*")
_KEY_FIELDS, _HIT_FIELDS = 6, 3
_RSA_LENGTHS = ((372, 2048), (540, 3072), (716, 4096))
"""Base64 letters of an RSA key, exponent 65537, and its bits."""
_BITS = {
    "ssh-ed25519": 256,
    "ecdsa-sha2-nistp256": 256,
    "ecdsa-sha2-nistp384": 384,
    "ecdsa-sha2-nistp521": 521,
}


def _bits(kind: str, length: int) -> int:
    if kind == "ssh-rsa":
        return max((bits for least, bits in _RSA_LENGTHS if length >= least), default=1024)
    if kind == "ssh-dss":
        return 1024
    return _BITS.get(kind.removeprefix("sk-").partition("@")[0], 256)


def _parse(_args: PersistenceArgs, frames: Frames) -> Record:
    lines = answer(frames, SECTION.key).split("\n")
    rows: dict[str, list[Record]] = {"odd": [], "web": [], "preload": [], "key": []}
    capabilities: list[Record] = []
    capped = set()
    for line in lines:
        parts = line.split("\t")
        if parts[0] == "key" and len(parts) == _KEY_FIELDS and parts[3].isdecimal():
            rows["key"].append(_key(parts))
        elif parts[0] in rows and len(parts) == _HIT_FIELDS:
            rows[parts[0]].append({"sign": parts[1], "place": parts[2]})
        elif line.startswith("=") and parts[0][1:].isdecimal() and int(parts[0][1:8]) > MOST:
            capped.add(parts[-1])
        elif match := _CAPABILITY.fullmatch(line):
            capabilities.append({"path": match[1], "capabilities": match[2].strip(",").split(",")})
    found: Record = {
        name: _once(rows[kind]) for kind, name in _NAMES.items() if rows[kind] or kind not in capped
    }
    if "getcap" in lines:
        detail = "getcap is not installed"
        found[GAP] = {"why": Why.UNSUPPORTED, "detail": detail}
    else:
        found["capabilities"] = capabilities
    return found


_NAMES = {"odd": "odd_starts", "web": "web_jobs", "preload": "preloads", "key": "keys"}


def _once(rows: Sequence[Record]) -> list[Record]:
    return list({(row.get("sign"), row["place"]): row for row in rows}.values())


def _key(parts: Sequence[str]) -> Record:
    _, account, kind, length, options, place = parts
    names = [part.partition("=")[0] for part in options.split(",") if part]
    return {
        "place": place,
        "account": account,
        "type": kind,
        "bits": _bits(kind, int(length[:6])),
        "options": names,
        "restricted": not {"command", "from", "restrict"}.isdisjoint(names),
    }


def _starts(id_: str, en: str) -> Field:
    return table(
        id_,
        en,
        ("sign", "place"),
        {
            "sign": leaf(Kind.TEXT, "Tanda", "Sign"),
            "place": leaf(Kind.TEXT, "Letak", "Place"),
        },
        may_be_empty=True,
    )


PROBE = ProbeType(
    name="persistence",
    via=Via.SSH,
    args=PersistenceArgs,
    doc=Text(
        id="Yang berjalan sendiri atau membuka jalan masuk kembali: unit, tugas cron, profil, "
        "LD_PRELOAD, kunci SSH dan capability; hanya tanda dan letaknya",
        en="What starts by itself or lets someone in again: units, cron jobs, profiles, "
        "LD_PRELOAD, SSH keys and capabilities; only signs and places",
    ),
    gives=record(
        "Jalan masuk kembali",
        "Ways back in",
        {
            "odd_starts": _starts("Perintah yang janggal", "Odd commands"),
            "web_jobs": _starts("Tugas cron akun web", "Cron jobs of web accounts"),
            "preloads": _starts("Pustaka yang dipaksakan", "Forced libraries"),
            "keys": table(
                "Kunci SSH",
                "SSH keys",
                "place",
                {
                    "place": leaf(Kind.TEXT, "Letak", "Place"),
                    "account": leaf(Kind.TEXT, "Akun", "Account"),
                    "type": leaf(Kind.TEXT, "Jenis kunci", "Key type"),
                    "bits": leaf(Kind.INT, "Panjang kunci (bit)", "Key length (bits)"),
                    "options": leaf(Kind.TEXTS, "Pembatasan", "Options", may_be_empty=True),
                    "restricted": leaf(Kind.BOOL, "Dibatasi", "Is restricted"),
                },
                may_be_empty=True,
            ),
            "capabilities": table(
                "Berkas dengan capability",
                "Files with capabilities",
                "path",
                {
                    "path": leaf(Kind.TEXT, "Berkas", "File"),
                    "capabilities": leaf(Kind.TEXTS, "Capability", "Capabilities"),
                },
                may_be_empty=True,
            ),
        },
    ),
    sections=lambda _args: (SECTION,),
    parse=_parse,
)
