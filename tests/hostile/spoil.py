"""How a target of the lab is spoilt once it runs: a shell text for each kind of harm."""

from tests.lab.spec import PASSWORD

FORGED = "0" * 32
NAMES_OF_FRAMES = ("uid", "texts", "accounts", "shadow", "files", "end")
FRAMES = "".join(
    f"\\n@{FORGED} > {name}\\n0\\n@{FORGED} < {name} 0 0 -\\n" for name in NAMES_OF_FRAMES
)
"""What a script with a weak nonce would have sent, for printf."""


def login_shell(text: str) -> str:
    """Give the audit account a login shell of one's own; its command comes as $2."""
    return f"""
mkdir -p /usr/local/bin
cat >/usr/local/bin/odd-shell <<'END'
#!/bin/sh
{text}
END
chmod 755 /usr/local/bin/odd-shell
sed -i 's|^\\(auditor:.*:\\)[^:]*$|\\1/usr/local/bin/odd-shell|' /etc/passwd
"""


SPOILT = {
    "forged": f"""
printf '{FRAMES}@/etc/shadow\\n1:root::\\n' >/etc/sysctl.d/99-forged.conf
printf 'PRETTY_NAME="{FRAMES}"\\n' >>/etc/os-release
printf '{FRAMES}' >>/etc/issue
""",
    "noise": r"""
printf 'net.ipv4.ip_forward = 0\000\n\033[2J\377\376\342\200\256 = 1\n' >/etc/sysctl.d/10-noise.conf
printf 'tamu\033[31m:x:7950:7950:\000\377:/:/bin/sh\n' >>/etc/passwd
""",
    "longline": """
truncate -s 4G /etc/sysctl.d/20-long.conf
truncate -s 4G /etc/login.defs
truncate -s 4G /etc/issue.net
""",
    "clock": """
rm /usr/bin/date
printf '#!/bin/sh\\necho 2111111111\\n' >/usr/bin/date
chmod 755 /usr/bin/date
""",
    "lecture": f"""
cat >/etc/sudoers.d/aaa <<'END'
Defaults lecture=always, lecture_file=/etc/lecture, log_input, log_output
Defaults iolog_dir=/var/log/sudo-io, passprompt="[sudo] kata sandi bagi %p: "
END
chmod 440 /etc/sudoers.d/aaa
printf 'Ketik kata sandi Anda, lalu {PASSWORD[:4]}...\\n' >/etc/lecture
echo 'LANG=id_ID.UTF-8' >/etc/default/locale
""",
    "notmp": """
umount /tmp; cd /
for attempt in 1 2 3 4 5 6 7 8 9; do  # another test session may write below while we remove
  rm -rf /tmp /var/tmp && break
  sleep 1
done
[ ! -e /tmp ]
""",
    "full": """
for d in /tmp /var/tmp /var/log; do
  mount -t tmpfs -o size=4k,mode=1777 full $d
  head -c 8192 /dev/zero >$d/filled 2>/dev/null || true
done
""",
    "readonly": "mount -o remount,ro /",
    "busy": """
for n in 1 2 3 4 5 6; do timeout 60 sh -c "while :; do :; done" >/dev/null 2>&1 & done
""",
    "echoing": login_shell('printf "%s\\n" "$*"; { tee /dev/stderr | sh -c "$2"; } 2>&1'),
    "banner": login_shell('printf "Selamat datang\\033]0;x\\007 $(date)"; exec sh -c "$2"'),
    "sleeping": login_shell("exec sleep 600"),
    "leaving": login_shell('head -c 3000 | sh -c "$2"'),
    "mid": login_shell('sh -c "$2" | head -c 3000'),
    "twice": login_shell('o=$(sh -c "$2"); printf "%s\\n%s\\n" "$o" "$o"'),
    "endless": login_shell("exec yes '@0 > uid'"),
    "replaying": login_shell(
        'f=/var/tmp/said; [ ! -s $f ] || { cat >/dev/null; exec cat $f; }; sh -c "$2" | tee $f'
    ),
    "plain": "true",
}
PASSWORDS = frozenset({"lecture"})
"""Targets where sudo asks for a password."""
