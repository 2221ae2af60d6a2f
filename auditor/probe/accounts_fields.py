"""The facts of accounts, with their labels."""

from auditor.model.fact import Kind
from auditor.probe.fields import leaf, record, table

_USER = {
    "name": leaf(Kind.TEXT, "Nama akun", "Account name"),
    "uid": leaf(Kind.INT, "UID", "UID"),
    "gid": leaf(Kind.INT, "GID", "GID"),
    "group_exists": leaf(Kind.BOOL, "Grup utamanya ada", "Its group exists"),
    "shell": leaf(Kind.TEXT, "Shell", "Shell"),
    "home": leaf(Kind.TEXT, "Direktori rumah", "Home directory", may_be_empty=True),
    "login": leaf(Kind.BOOL, "Shell mengizinkan masuk", "Shell allows login"),
    "valid_shell": leaf(Kind.BOOL, "Shell terdaftar", "Shell is listed"),
    "system": leaf(Kind.BOOL, "Akun sistem", "System account"),
    "interactive": leaf(Kind.BOOL, "Akun orang", "A person's account"),
    "password": leaf(Kind.TEXT, "Golongan kata sandi", "Password class"),
    "shadowed": leaf(Kind.BOOL, "Kata sandi di shadow", "Password in shadow"),
    "max_days": leaf(Kind.INT, "Umur kata sandi (hari)", "Maximum password age (days)"),
    "min_days": leaf(Kind.INT, "Umur minimum (hari)", "Minimum password age (days)"),
    "warn_days": leaf(Kind.INT, "Peringatan sebelum habis (hari)", "Warning (days)"),
    "inactive_days": leaf(Kind.INT, "Ditutup setelah habis (hari)", "Closed after expiry (days)"),
    "last_change_day": leaf(Kind.INT, "Hari perubahan terakhir", "Day of the last change"),
    "last_change": leaf(Kind.TIME, "Perubahan terakhir", "Last change"),
    "expire_day": leaf(Kind.INT, "Hari akhir akun", "Day the account ends"),
    "expire": leaf(Kind.TIME, "Akhir akun", "The account ends"),
    "home_exists": leaf(Kind.BOOL, "Direktori rumah ada", "Home exists"),
    "home_mode": leaf(Kind.MODE, "Izin rumah", "Mode of the home"),
    "home_owner": leaf(Kind.TEXT, "Pemilik rumah", "Owner of the home"),
    "home_group": leaf(Kind.TEXT, "Grup rumah", "Group of the home"),
    "home_own": leaf(Kind.BOOL, "Rumah milik akun itu", "The home is the account's own"),
    "home_own_group": leaf(Kind.BOOL, "Grup rumah milik akun", "The home's group is its own"),
}
_GROUP = {
    "name": leaf(Kind.TEXT, "Nama grup", "Group name"),
    "gid": leaf(Kind.INT, "GID", "GID"),
    "members": leaf(Kind.TEXTS, "Anggota", "Members", may_be_empty=True),
    "primary": leaf(Kind.TEXTS, "Grup utama dari", "Group of", may_be_empty=True),
}
_DOTFILE = {
    "path": leaf(Kind.TEXT, "Berkas", "File"),
    "name": leaf(Kind.TEXT, "Nama berkas", "File name"),
    "account": leaf(Kind.TEXT, "Akun", "Account"),
    "interactive": leaf(Kind.BOOL, "Akun orang", "A person's account"),
    "type": leaf(Kind.TEXT, "Jenis berkas", "File type"),
    "mode": leaf(Kind.MODE, "Izin", "Mode"),
    "owner": leaf(Kind.TEXT, "Pemilik", "Owner"),
    "group": leaf(Kind.TEXT, "Grup", "Group"),
    "own": leaf(Kind.BOOL, "Milik akun itu", "The account's own"),
    "own_group": leaf(Kind.BOOL, "Grup akun itu", "Of the account's group"),
}
GIVES = record(
    "Akun",
    "Accounts",
    {
        "users": table("Akun", "Accounts", "name", _USER),
        "groups": table("Grup", "Groups", "name", _GROUP),
        "dotfiles": table("Berkas titik", "Dot files", "path", _DOTFILE, may_be_empty=True),
        "double_uids": leaf(Kind.TEXTS, "UID ganda", "UIDs in double", may_be_empty=True),
        "double_names": leaf(Kind.TEXTS, "Nama akun ganda", "Names in double", may_be_empty=True),
        "double_gids": leaf(Kind.TEXTS, "GID ganda", "GIDs in double", may_be_empty=True),
        "double_groups": leaf(Kind.TEXTS, "Nama grup ganda", "Groups in double", may_be_empty=True),
    },
)
