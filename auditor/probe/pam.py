"""What PAM demands of a service: its rows in order, and what its modules do in effect."""

from collections.abc import Sequence
from typing import Annotated

import msgspec

from auditor.model.base import Text
from auditor.model.fact import Field, Kind
from auditor.probe import pam_settings
from auditor.probe.base import Args, Frames, ProbeType, Record, Via
from auditor.probe.fields import leaf, record, table
from auditor.probe.pam_stack import READS, stack, written
from auditor.probe.texts import texts

Service = Annotated[str, msgspec.Meta(pattern=r"^(\*|[A-Za-z0-9_][A-Za-z0-9_.-]{0,63})\Z")]


class PamArgs(Args, frozen=True):
    """A service (login, sshd, passwd, su) as PAM reads it, or "*": all files as written."""

    service: Service = "login"


def _reads(_many: Sequence[PamArgs]) -> tuple[str, ...]:
    return (*READS, *pam_settings.READS)


def _parse(args: PamArgs, frames: Frames) -> Record:
    seen = texts(frames)
    rows = written(seen) if args.service == "*" else stack(seen, args.service)
    return {
        "configured": bool(rows),
        "rows": pam_settings.rows_of(rows),
        "pwquality": pam_settings.pwquality(seen, rows),
        "pwhistory": pam_settings.pwhistory(seen, rows),
        "faillock": pam_settings.faillock(seen, rows),
        "unix": pam_settings.unix(seen, rows),
        "wheel": pam_settings.wheel(rows),
    }


_NUMBERS = {
    "difok": ("Karakter yang harus berbeda", "Characters that must differ"),
    "minlen": ("Panjang minimum kata sandi", "Minimum password length"),
    "dcredit": ("Kredit angka", "Credit for digits"),
    "ucredit": ("Kredit huruf besar", "Credit for upper case"),
    "lcredit": ("Kredit huruf kecil", "Credit for lower case"),
    "ocredit": ("Kredit karakter lain", "Credit for other characters"),
    "minclass": ("Jumlah golongan karakter", "Classes of characters"),
    "maxrepeat": ("Karakter sama berturut-turut", "Same characters in a row"),
    "maxclassrepeat": ("Golongan sama berturut-turut", "Same class in a row"),
    "maxsequence": ("Panjang deret karakter", "Length of a sequence"),
    "gecoscheck": ("Periksa nama orang", "Check against the person's name"),
    "dictcheck": ("Periksa kamus", "Check against the dictionary"),
    "usercheck": ("Periksa nama akun", "Check against the account's name"),
    "usersubstr": ("Periksa potongan nama akun", "Check against parts of the account's name"),
    "enforcing": ("Kata sandi lemah ditolak", "Weak passwords are refused"),
    "retry": ("Kesempatan mencoba", "Tries"),
    "deny": ("Kesalahan sebelum dikunci", "Failures before the lock"),
    "fail_interval": ("Selang penghitungan (detik)", "Counting interval (seconds)"),
    "unlock_time": ("Lama terkunci (detik)", "Locked for (seconds)"),
    "root_unlock_time": ("Lama root terkunci (detik)", "Root locked for (seconds)"),
    "remember": ("Kata sandi lama yang diingat", "Old passwords remembered"),
}
_FLAGS = {
    "enabled": ("Modul berlaku", "Module in effect"),
    "enforce_for_root": ("Berlaku bagi root", "Enforced for root"),
    "local_users_only": ("Hanya akun setempat", "Local accounts only"),
    "even_deny_root": ("Root ikut dikunci", "Root is locked too"),
    "audit": ("Mencatat nama akun tak dikenal", "Logs unknown account names"),
    "silent": ("Tidak memberi tahu", "Says nothing"),
    "use_authtok": ("Memakai kata sandi yang sudah diperiksa", "Uses the password checked before"),
    "preauth": ("Ditolak sebelum kata sandi diminta", "Refuses before asking the password"),
    "authfail": ("Kegagalan dihitung", "Counts failures"),
    "account": ("Hitungan dihapus setelah berhasil", "Count is cleared after success"),
    "nullok": ("Kata sandi kosong diterima", "Empty passwords accepted"),
    "use_uid": ("Memeriksa akun yang menjalankan", "Looks at the account that runs it"),
}


def _module(id_: str, en: str, *names: str) -> Field:
    fields = {
        name: leaf(Kind.INT, *_NUMBERS[name])
        if name in _NUMBERS
        else leaf(Kind.BOOL, *_FLAGS[name])
        for name in names
    }
    return record(id_, en, fields)


_UNIX = record(
    "pam_unix",
    "pam_unix",
    {
        **{name: leaf(Kind.BOOL, *_FLAGS[name]) for name in ("enabled", "nullok", "use_authtok")},
        "remember": leaf(Kind.INT, *_NUMBERS["remember"]),
        "hash": leaf(Kind.TEXT, "Hash kata sandi baru", "Hash of new passwords"),
    },
)
_WHEEL = record(
    "pam_wheel",
    "pam_wheel",
    {
        "enabled": leaf(Kind.BOOL, *_FLAGS["enabled"]),
        "use_uid": leaf(Kind.BOOL, *_FLAGS["use_uid"]),
        "group": leaf(Kind.TEXT, "Grup yang diizinkan", "Group that may", may_be_empty=True),
    },
)
PROBE = ProbeType(
    name="pam",
    via=Via.SSH,
    args=PamArgs,
    doc=Text(
        id="Tuntutan PAM bagi suatu layanan: urutan baris dan setelan modul yang berlaku",
        en="What PAM demands of a service: its rows in order and its modules' effective settings",
    ),
    gives=record(
        "PAM",
        "PAM",
        {
            "configured": leaf(Kind.BOOL, "PAM diatur", "PAM is configured"),
            "rows": table(
                "Baris PAM",
                "PAM rows",
                "place",
                {
                    "number": leaf(Kind.INT, "Urutan", "Order"),
                    "type": leaf(Kind.TEXT, "Jenis", "Type"),
                    "control": leaf(Kind.TEXT, "Kendali", "Control"),
                    "module": leaf(Kind.TEXT, "Modul", "Module"),
                    "arguments": leaf(Kind.TEXTS, "Argumen", "Arguments", may_be_empty=True),
                    "place": leaf(Kind.TEXT, "Letak", "Place"),
                },
                may_be_empty=True,
            ),
            "pwquality": _module(
                "Mutu kata sandi",
                "Password quality",
                "enabled",
                *pam_settings.QUALITY.numbers,
                *pam_settings.QUALITY.flags,
            ),
            "pwhistory": _module(
                "Riwayat kata sandi",
                "Password history",
                "enabled",
                *pam_settings.HISTORY.numbers,
                *pam_settings.HISTORY.flags,
            ),
            "faillock": _module(
                "Penguncian akun",
                "Account lock",
                "enabled",
                "preauth",
                "authfail",
                "account",
                *pam_settings.LOCK.numbers,
                "root_unlock_time",
                *pam_settings.LOCK.flags,
            ),
            "unix": _UNIX,
            "wheel": _WHEEL,
        },
    ),
    reads=_reads,
    parse=_parse,
)
