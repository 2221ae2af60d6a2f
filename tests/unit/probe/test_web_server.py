import pytest

from auditor.model.fact import Why
from auditor.probe import apache, config_tree, nginx, web_server
from tests.unit.probe.asking import parse, text_files, why

NGINX = web_server.WebServerArgs(server="nginx")
APACHE = web_server.WebServerArgs(server="apache")


def of_nginx(main, **more):
    files = {"/etc/nginx/nginx.conf": main, **more.get("files", {})}
    return parse(web_server, None, args=NGINX, frames=text_files(files))


def of_apache(main, files=None):
    frames = text_files({"/etc/apache2/apache2.conf": main, **(files or {})})
    return parse(web_server, None, args=APACHE, frames=frames)


def http(body):
    return of_nginx(f"user www-data;\nhttp {{\n{body}\n}}\n")


def test_what_is_not_installed_is_a_fact():
    for args in (NGINX, APACHE):
        found = parse(web_server, None, args=args, frames=text_files({}))
        assert found == {"exists": False}


def test_each_asks_for_its_own_files():
    asked = web_server.PROBE.reads
    assert set(asked((NGINX,))) == set(nginx.READS)
    assert set(asked((APACHE,))) == set(apache.READS)
    assert set(asked((NGINX, APACHE))) == {*nginx.READS, *apache.READS}


@pytest.mark.parametrize(
    ("body", "shown", "place"),
    [
        ("server { listen 80; }", True, "default"),
        ("server_tokens off; server { }", False, "/etc/nginx/nginx.conf:3"),
        ("server_tokens off;\nserver {\nserver_tokens on; }", True, "/etc/nginx/nginx.conf:5"),
        ("server_tokens off; server {\nlocation / {\nserver_tokens build; } }", True, "5"),
        ("server_tokens off; server {} server {}", False, "3"),
        ("", True, "default"),
        ("server_tokens off;", False, "3"),
    ],
)
def test_nginx_tells_its_version_unless_each_site_is_told_not_to(body, shown, place):
    found = http(body)

    assert found["version_shown"] is shown
    assert found["places"]["version_shown"].endswith(place)


def test_sites_inherit_what_they_do_not_say():
    found = http(
        "access_log off; autoindex off; # comment { }\n"
        "server { server_name a.id b.id; listen 80; }\n"
        "server { access_log /var/log/nginx/x.log 'a;b'; location /d { autoindex on; } }\n"
        "server { access_log /dev/null; access_log /var/log/y; }\n"
        "server { listen 81; access_log /dev/null; if ($x) { autoindex on; } }"
    )

    assert [row["site"] for row in found["unlogged"]] == ["a.id 80", "81"]
    assert [row["place"].rpartition(":")[2] for row in found["unlogged"]] == ["3", "7"]
    assert [row["site"] for row in found["listings"]] == ["default /d", "81 $x)".replace("$", "($")]


def test_limits_logs_status_and_webdav_of_nginx():
    found = http(
        "client_max_body_size 5m; limit_req zone=a;\n"
        "server { location /u { client_max_body_size 20M; dav_methods PUT; }\n"
        "location /s { stub_status; allow 127.0.0.1; deny all; }\n"
        "location /p { stub_status; auth_basic x; } location /o { stub_status; }\n"
        "location /n { dav_methods off; error_log /dev/null; client_max_body_size odd; } }"
    )

    assert found["body_limit"] == 20 * 2**20
    assert found["places"]["body_limit"] == "/etc/nginx/nginx.conf:4"
    assert [row["site"] for row in found["dav"]] == ["default /u"]
    assert [row["site"] for row in found["status_open"]] == ["default /o"]
    assert found["errors_logged"] is False
    assert found["rate_limited"] is True
    assert found["user"] == "www-data"
    assert http("client_max_body_size 0;\nserver { client_max_body_size 1; }")["body_limit"] == 1
    assert http("server { location / { client_max_body_size 0; } }")["body_limit"] == 0
    assert of_nginx("events {}")["user"] == "nobody"
    assert of_nginx("events {}")["body_limit"] == 2**20


@pytest.mark.parametrize(
    ("main", "rules", "waf"),
    [
        ("modsecurity on;", "SecRuleEngine On\nSecRuleEngine", "on"),
        ("modsecurity on;", "Other x\nSecRuleEngine DetectionOnly", "detection"),
        ("modsecurity on;", "", "off"),
        ("modsecurity off;", "SecRuleEngine On", "off"),
        ("", "SecRuleEngine On", "off"),
    ],
)
def test_a_firewall_of_nginx_must_be_on_twice(main, rules, waf):
    found = of_nginx(f"http {{ {main} }}", files={"/etc/nginx/modsec/modsecurity.conf": rules})

    assert found["waf"] == waf


def test_nginx_includes_are_followed_and_what_lies_outside_hides_what_is_good():
    main = "include /etc/nginx/mime.types; include;\nhttp { include sites-enabled/*.vhost; }"
    site = {"/etc/nginx/sites-enabled/a.vhost": "server { autoindex on; }"}
    found = of_nginx(main, files=site)
    assert found["listings"][0]["place"] == "/etc/nginx/sites-enabled/a.vhost:1"
    assert "gap" not in found

    found = of_nginx(f"{main} include snippets/none; include /home/x/*.conf;", files=site)
    assert found["gap"] == {
        "why": Why.UNREADABLE,
        "detail": "/home/x/*.conf was not read",
    }
    assert found["listings"]
    assert "unlogged" not in found


def test_odd_texts_of_nginx_do_no_harm():
    assert of_nginx('}} ;; "unclosed { ; \\')["exists"]
    assert of_nginx("error_log /var/log/nginx/error.log warn;")["errors_logged"] is True
    assert of_nginx("http { \\")["exists"]
    deep = text_files({"/etc/nginx/nginx.conf": "a { " * 100})
    assert why(web_server, None, args=NGINX, frames=deep) is Why.CUT
    loop = text_files({"/etc/nginx/nginx.conf": "include /etc/nginx/nginx.conf;"})
    assert why(web_server, None, args=NGINX, frames=loop) is Why.CUT
    long = text_files({"/etc/nginx/nginx.conf": "a;" * (config_tree.MOST + 1)})
    assert why(web_server, None, args=NGINX, frames=long) is Why.CUT


AUTOINDEX = "LoadModule autoindex_module x.so\n"


NARROWED = (
    "DocumentRoot /var/www\n<Directory />\nOptions Indexes\n</Directory>\n"
    "<Directory /var/www>\nOptions -Indexes +MultiViews\n</Directory>"
)


@pytest.mark.parametrize(
    ("text", "sites"),
    [
        ('DocumentRoot "/var/www/html/"\n<Directory /var/www/>\nOptions Indexes\n</Directory>', 1),
        ("DocumentRoot /var/www\n<Directory /var/www>\nOptions All\n</Directory>", 1),
        ("DocumentRoot /var/www\n<Directory /var/www>\nOptions None\n</Directory>", 0),
        (NARROWED, 0),
        ("DocumentRoot /var/www\n<Directory /var/www/u>\nOptions +Indexes\n</Directory>", 1),
        ("DocumentRoot /var/www\n<Directory /usr/share/x>\nOptions Indexes\n</Directory>", 0),
        ("<Directory /usr/share/x>\nOptions Indexes\n</Directory>", 1),
        ("<Location /x>\nOptions +Indexes\n</Location>\nDocumentRoot /d", 1),
        ("DocumentRoot /d\nOptions Indexes", 1),
        ("Options Indexes\n<Files>\nOptions Indexes\n</Files>", 0),
    ],
)  # fmt: skip
def test_the_longest_folder_of_apache_has_the_last_word_on_listing(text, sites):
    assert len(of_apache(AUTOINDEX + text)["listings"]) == sites
    assert of_apache(text)["listings"] == []


def test_too_many_folders_of_apache_are_not_weighed():
    many = "".join(f"DocumentRoot /{n}\n" for n in range(1001)) + "Options None\n" * 1000
    frames = text_files({"/etc/apache2/apache2.conf": AUTOINDEX + many})

    assert why(web_server, None, args=APACHE, frames=frames) is Why.CUT


def test_defaults_of_apache():
    found = of_apache("ServerRoot /etc/apache2\nUser ${APACHE_RUN_USER}", {
        "/etc/apache2/envvars": "export APACHE_RUN_USER=www-data\nodd\n",
    })  # fmt: skip

    assert (
        found
        | {
            "version_shown": True,
            "signature": False,
            "unlogged": [{"site": "server", "place": "default"}],
            "errors_logged": True,
            "rate_limited": False,
            "waf": "off",
            "body_limit": 2**30,
            "trace": True,
            "user": "www-data",
        }
        == found
    )
    assert of_apache("ServerRoot")["user"] == "daemon"
    rhel = parse(
        web_server,
        None,
        args=APACHE,
        frames=text_files({
            "/etc/httpd/conf/httpd.conf": "Include conf.d/*.conf",
            "/etc/httpd/conf.d/a.conf": "ServerTokens Prod",
        }),
    )  # fmt: skip
    assert rhel["version_shown"] is False


def test_a_variable_that_no_file_sets_hides_what_is_good():
    found = of_apache("User ${APACHE_RUN_USER}\nCustomLog l c")

    assert "user" not in found
    assert "unlogged" not in found
    assert found["gap"]["detail"].startswith("${APACHE_RUN_USER}")


def test_what_virtual_hosts_say_and_inherit():
    vhosts = (
        "<VirtualHost *:80>\nServerSignature On\n</VirtualHost>\n"
        "<VirtualHost *:81>\nCustomLog /dev/null x\nTraceEnable On\n</VirtualHost>\n"
        "<VirtualHost *:82>\nCustomLog /l \\\n combined\nErrorLog /dev/null\n</VirtualHost>\n"
    )
    found = of_apache(f"TraceEnable off\nCustomLog /var/log/x combined\n{vhosts}")
    assert [row["site"] for row in found["unlogged"]] == ["*:81"]
    assert (found["signature"], found["trace"], found["errors_logged"]) == (True, True, False)
    assert of_apache("TraceEnable off\nCustomLog l c\n")["trace"] is False
    assert of_apache("CustomLog l c\nServerSignature\n")["unlogged"] == []
    assert [row["site"] for row in of_apache(vhosts)["unlogged"]] == ["*:80", "*:81"]


def test_sections_count_where_their_condition_holds():
    found = of_apache(
        "Define STAGING\nDefine X y\nLoadModule\nLoadModule evasive20_module m.so\n"
        "<IfModule mod_evasive20.c>\nServerTokens Prod\n</IfModule>\n"
        "<IfModule !evasive20_module>\nServerTokens Full\n</IfModule>\n"
        "<IfDefine LIVE>\nServerTokens OS\n</IfDefine>\n"
        "<IfDefine !STAGING>\nServerTokens OS\n</IfDefine>\n"
        "<IfVersion>\nUser root\nLoadModule dav_module d.so\n</IfVersion>\n"
    )

    assert found["version_shown"] is False
    assert found["rate_limited"] is True
    assert found["user"] == "root"


def test_firewall_limits_webdav_and_status_of_apache():
    text = (
        "LoadModule security2_module m.so\nLoadModule dav_fs_module m.so\nDav Off\nDav\n"
        "LimitRequestBody 1000\nLimitRequestBody\nSecRuleEngine\n"
        "<Location /dav>\nDav On\nLimitRequestBody 2000\n</Location>\n"
        "<Location /s>\nSetHandler server-status\n<RequireAny>\nRequire local\n</RequireAny>\n"
        "</Location>\n<Location /o>\nSetHandler server-status\n</Location>\n"
        "<Location /i>\nSetHandler server-info\nRequire all granted\n</Location>\n"
    )
    rules = {"/etc/modsecurity/modsecurity.conf": "SecRuleEngine DetectionOnly\nSecRuleEngine\nX"}
    found = of_apache(text, rules)

    assert found["waf"] == "detection"
    assert found["body_limit"] == 2000
    assert [row["site"] for row in found["dav"]] == ["/dav"]
    assert [row["site"] for row in found["status_open"]] == ["/o", "/i"]
    assert of_apache(f"{text}SecRuleEngine On", rules)["waf"] == "on"
    assert of_apache(f"{text}LimitRequestBody odd")["body_limit"] == 0
    assert of_apache("SetHandler server-status")["status_open"][0]["site"] == "server"
    assert of_apache("LoadModule dav_module x\nDav svn")["dav"][0]["site"] == "server"


def test_apache_includes_files_and_folders():
    files = {"/etc/apache2/sites-enabled/a": "ServerTokens Prod"}
    assert of_apache("Include /etc/apache2/sites-enabled/", files)["version_shown"] is False
    assert of_apache("Include sites-enabled", files)["version_shown"] is False
    assert of_apache("IncludeOptional none.conf")["version_shown"] is True
    for line in ("Include /home/x/y.conf", "Include /home/x/"):
        assert of_apache(line)["gap"]["why"] is Why.UNREADABLE
    assert "gap" not in of_apache("Include /usr/share/modsecurity-crs/*.load\nInclude")


def test_odd_texts_of_apache_do_no_harm():
    assert of_apache("</x>\n<\n<A\n\"\n'\n\\\n")["exists"]


def test_pages_of_administrators_that_anyone_may_open():
    found = http(
        "server { location /phpmyadmin { root /x; } location /pma { deny all; }\n"
        "location ^~ /wp-admin/ { auth_basic x; } location /pmaps { } }"
    )
    assert [row["site"] for row in found["panels_open"]] == ["default /phpmyadmin"]

    closed = "<Directory /usr/share/phpmyadmin>\nRequire ip 10.0.0.0/8\n</Directory>\n"
    opened = "<Location /adminer>\nRequire all granted\n</Location>\n"
    alias = "Alias /phpmyadmin /usr/share/phpmyadmin\n"
    assert [r["site"] for r in of_apache(alias)["panels_open"]] == ["/phpmyadmin"]
    assert of_apache(alias + closed)["panels_open"] == []
    assert [r["site"] for r in of_apache(opened + "Redirect /pma /")["panels_open"]] == ["/adminer"]
