"""The text that asks apt, dnf, yum, zypper or apk how it is set up; no address ever leaves."""

_OUT = r"""
function out(line) {
  if (line in given) return
  given[line] = 1
  if (++lines < 2000) print line
  if (lines == 2000) print "cut"
}
"""
"""Awk: prints a line once, and only so many."""

_APT = r"""
function flags(text, place) {
  text = " " tolower(text) " "
  if (text ~ /[ ,]trusted=(yes|true|with|on|enable|1)[ ,]/) out("unsigned " place)
  if (text ~ /[ ,]check-valid-until=(no|false|without|off|disable|0)[ ,]/) out("unchecked " place)
}
function stanza(  words, n, i) {
  n = split(suites, words, /[ \t]+/)
  if (types ~ /(^|[ \t])deb([ \t]|$)/ && on) {
    for (i = 1; i <= n; i++) if (words[i] != "") out("suite " words[i])
    flags(options, place)
  }
  types = suites = options = name = place = ""
  on = 1
  if (which != "") out("pin " substr(which ": " pin " = " priority, 1, 200))
  which = pin = priority = ""
}
function heading() {
  if (kind == "list" && !said) print "release " code "\t" suite "\t" label "\t" day "\t" last
  said = 1
}
function services(  records, n, i, parts, name) {
  n = split(text, records, "}")
  for (i = 1; i <= n; i++) {
    name = records[i]
    sub(/^.*[{]/, "", name)
    if (name ~ /"status": *"enabled"/ && match(name, /"name": *"[a-z0-9-]+"/)) {
      name = substr(name, RSTART, RLENGTH - 1)
      sub(/^.*"/, "", name)
      out("pocket " name)
    }
  }
  text = ""
}
function begin() {
  stanza()
  heading()
  services()
  kind = "line"
  if (FILENAME !~ /^\//) kind = "setting"
  if (FILENAME ~ /Release$/) kind = "list"
  if (FILENAME ~ /\.json$/) kind = "json"
  if (FILENAME ~ /preferences/) kind = "pin"
  if (FILENAME ~ /\.sources$/) kind = "stanza"
  said = 0
  code = suite = label = day = last = ""
}
FNR == 1 { begin() }
kind == "list" {
  if (said) next
  if (FNR > 60 || /^(MD5Sum|SHA[0-9]+):/) { heading(); next }
  name = tolower(substr($0, 1, index($0, ":") - 1))
  value = substr($0, index($0, ":") + 2, 80)
  if (name == "codename") code = value
  if (name == "suite") suite = value
  if (name == "label") label = value
  if (name == "date") day = value
  if (name == "valid-until") last = value
  next
}
kind == "json" { if (length(text) < 200000) text = text $0; next }
kind == "setting" {
  name = tolower($1)
  if (name == "status" || name == "acquire::check-valid-until" || name ~ /^apt::periodic::/ ||
    name == "acquire::allowinsecurerepositories") print "conf " name " " substr($2, 1, 80)
  next
}
/^[ \t]*#/ { next }
kind == "line" {
  options = ""
  if (match($0, /\[[^]]*\]/)) options = substr($0, RSTART + 1, RLENGTH - 2)
  gsub(/\[[^]]*\]/, "")
  if ($1 == "deb") { out("suite " substr($3, 1, 200)); flags(options, FILENAME ":" FNR) }
  options = ""
  next
}
/^[ \t]*$/ { stanza(); next }
{
  if (place == "") place = FILENAME ":" FNR
  value = $0
  if ($0 !~ /^[ \t]/) {
    name = tolower(substr($0, 1, index($0, ":") - 1))
    value = substr($0, index($0, ":") + 1)
  }
  gsub(/^[ \t]+|[ \t\r]+$/, "", value)
}
kind == "pin" {
  if (name == "package") which = value
  if (name == "pin") pin = value
  if (name == "pin-priority") priority = value
  next
}
{
  if (name == "types") types = types " " value
  if (name == "suites") suites = suites " " value
  value = tolower(value)
  if (name == "enabled" && value ~ /^(no|false|off|without|disable|0)$/) on = 0
  if (name == "trusted" || name == "check-valid-until") options = options " " name "=" value
}
END { begin() }
"""
"""Awk, of apt's settings on its input and of files: what lists say of themselves before the sums of
their parts; the suites of all enabled binary sources in both formats, whose addresses may hold
passwords; pins; of Ubuntu Pro's status the services that are enabled, and nothing of its contract.
"""

_REPOSITORIES = r"""
function done() {
  if (id == "main") { main = check; if (held != "") out("pin exclude=" substr(held, 1, 200)) }
  else if (id != "") {
    if (check == "") check = main == "" ? usual + 0 : main
    out("repo " id " " on " " check)
  }
  id = check = held = ""
  on = 1
}
function yes(value) { return tolower(value) ~ /^(1|yes|true|on)$/ ? 1 : 0 }
/^[ \t]*([#;]|$)/ { next }
/^\[/ { done(); id = substr($0, 2, index($0, "]") - 2); gsub(/[^A-Za-z0-9_.:+-]/, "?", id); next }
/^[A-Za-z_]+[ \t]*=/ {
  name = substr($0, 1, index($0, "=") - 1)
  value = substr($0, index($0, "=") + 1)
  gsub(/[ \t\r]/, "", name)
  gsub(/^[ \t]+|[ \t\r]+$/, "", value)
  if (name == "enabled") on = yes(value)
  if (name == "gpgcheck" || name == "pkg_gpgcheck") check = yes(value)
  if (name == "exclude" || name == "excludepkgs") held = value
}
END { done() }
"""
"""Awk: repository, whether it is enabled, whether its packages must be signed (-v usual)."""

_APPLIES = r"""
/^[ \t]*apply_updates[ \t]*=/ {
  gsub(/[ \t\r]/, "")
  out("apply " FILENAME " " substr($0, 1, 80))
}
"""

_REVISION = r"""
BEGIN {
  for (i = 1; i < ARGC; i++) {
    for (n = 0; n < 20 && (getline line <ARGV[i]) > 0; n++)
      if (match(line, /<revision>[0-9]+</)) {
        print "revision " substr(line, RSTART + 10, RLENGTH - 11)
        break
      }
    close(ARGV[i])
  }
}
"""

_APK = r"""
/^[ \t]*(#|$)/ { next }
FILENAME ~ /world$/ { if ($1 ~ /[<>=~]/) out("pin " substr($1, 1, 200)); next }
{
  address = $1
  if (address ~ /^@/) address = $2
  sub(/\/+$/, "", address)
  n = split(address, parts, "/")
  if (n > 1) out("suite " parts[n - 1] "/" parts[n])
}
"""
"""Awk: branch and repository, as "v3.19/main": the last two parts of an address."""

TEXT = rf"""
e=
each() {{
  q=$1
  shift
  for f do
    shift
    case $f in
    -) set -- "$@" - ;;
    *) [ -f "$f" ] && [ -r "$f" ] && set -- "$@" "$f" ;;
    esac
  done
  [ $# -eq 0 ] || $e awk '{_OUT}'"$q" "$@"
}}
closed() {{
  k=$1
  shift
  for f do
    if [ -d "$f" ]; then
      {{ [ -r "$f" ] && [ -x "$f" ]; }} || printf '%s %s\n' "$k" "$f"
    elif [ -e "$f" ]; then
      [ -r "$f" ] || printf '%s %s\n' "$k" "$f"
    fi
  done
}}
ages() {{
  for f do
    shift
    [ -f "$f" ] && set -- "$@" "$f"
  done
  [ $# -eq 0 ] || stat -c 'list %Y' "$@"
}}
wants() {{
  for f do
    for w in /etc/systemd/system/*.wants/"$f"; do
      [ -h "$w" ] || [ -e "$w" ] || continue
      printf 'wants %s\n' "$f"
      break
    done
    [ -c "/etc/systemd/system/$f" ] && printf 'masked %s\n' "$f"
  done
}}
of_apt() {{
  [ -x /usr/bin/unattended-upgrade ] && printf 'tool\n'
  [ -c /etc/systemd/system/apt-daily-upgrade.timer ] && printf 'masked\n'
  closed unlisted /var/lib/apt/lists
  closed hidden /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/sources.list.d/*.list \
    /etc/apt/sources.list.d/*.sources
  closed unattached /var/lib/ubuntu-advantage/status.json
  closed sealed /etc/apt/apt.conf /etc/apt/apt.conf.d/*
  set -- /etc/apt/preferences
  for f in /etc/apt/preferences.d/*; do
    case ${{f##*/}} in *.pref) ;; *.*) continue ;; esac
    set -- "$@" "$f"
  done
  closed unpinned "$@" /etc/apt/preferences.d
  {{ t 10 apt-config dump; printf 'status %s\n' "$?"; }} | {{ e=exec; each '{_APT}' - \
    /var/lib/apt/lists/*Release /etc/apt/sources.list /etc/apt/sources.list.d/*.list \
    /etc/apt/sources.list.d/*.sources "$@" /var/lib/ubuntu-advantage/status.json; }}
  ages /var/lib/apt/lists/*Release /var/lib/apt/lists/*Packages* \
    /var/lib/apt/periodic/update-success-stamp /var/lib/apt/periodic/update-stamp
}}
of_dnf() {{
  closed unlisted /var/cache/dnf /var/cache/libdnf5 /var/cache/yum
  set -- /var/cache/dnf/*/repodata/repomd.xml /var/cache/libdnf5/*/repodata/repomd.xml \
    /var/cache/yum/*/repomd.xml /var/cache/yum/*/*/repomd.xml /var/cache/yum/*/*/*/repomd.xml
  ages "$@" /var/cache/dnf/last_makecache
  each '{_REVISION}' "$@"
  set -- /etc/dnf/dnf.conf /etc/yum.conf /etc/yum.repos.d/*.repo
  closed hidden "$@" /etc/yum.repos.d
  each '{_REPOSITORIES}' "$@"
  set -- /etc/dnf/plugins/versionlock.list /etc/yum/pluginconf.d/versionlock.list
  closed unpinned "$@"
  each '!/^[ \t]*(#|$)/ {{ out("pin " substr($1, 1, 200)) }}' "$@"
  set -- /usr/share/dnf5/dnf5-plugins/automatic.conf /etc/dnf/automatic.conf \
    /etc/dnf/dnf5-plugins/automatic.conf /etc/yum/yum-cron.conf
  closed sealed "$@"
  each '{_APPLIES}' "$@"
  wants dnf-automatic.timer dnf-automatic-install.timer dnf5-automatic.timer yum-cron.service
}}
of_zypper() {{
  closed unlisted /var/cache/zypp /var/cache/zypp/raw
  ages /var/cache/zypp/raw/*/repodata/repomd.xml /var/cache/zypp/raw/*/cookie
  each '{_REVISION}' /var/cache/zypp/raw/*/repodata/repomd.xml
  set -- /etc/zypp/zypp.conf /etc/zypp/repos.d/*.repo
  closed hidden "$@" /etc/zypp/repos.d
  each 'BEGIN {{ usual = 1 }}{_REPOSITORIES}' "$@"
  closed unpinned /etc/zypp/locks
  each '/^solvable_name:/ {{ out("pin " substr($2, 1, 200)) }}' /etc/zypp/locks
  for f in /etc/cron.daily /etc/cron.weekly /etc/cron.monthly; do
    [ -e "$f/opensuse.org-online_update" ] && printf 'wants online_update\n'
  done
  wants transactional-update.timer os-update.timer
}}
of_apk() {{
  closed unlisted /var/cache/apk /etc/apk/cache
  ages /var/cache/apk/APKINDEX.*.tar.gz /etc/apk/cache/APKINDEX.*.tar.gz
  closed hidden /etc/apk/repositories
  closed unpinned /etc/apk/world
  each '{_APK}' /etc/apk/repositories /etc/apk/world
  set -- /etc/crontabs/root /var/spool/cron/crontabs/root /etc/periodic/*/*
  closed sealed "$@" /etc/periodic/*
  each '/^[^#]*apk[ \t].*upgrade/ {{ print "wants apk-upgrade" }}' "$@"
  [ -e /etc/runlevels/default/crond ] && printf 'crond\n'
}}
if [ -e /var/lib/dpkg/info/base-files.list ] && command -v apt-get >/dev/null; then
  m=apt
elif [ -e /lib/apk/db/installed ]; then
  m=apk
elif [ -d /etc/zypp ] && command -v rpm >/dev/null; then
  m=zypper
elif command -v dnf >/dev/null || command -v dnf5 >/dev/null || command -v microdnf >/dev/null; then
  m=dnf
elif command -v yum >/dev/null; then
  m=yum
elif command -v apt-get >/dev/null; then
  m=apt
else
  return 127
fi
printf 'manager %s\n' "$m"
[ "$m" = yum ] && m=dnf
"of_$m"
return 0
"""
"""First the manager, then lines of a word and a value. `unlisted`, `hidden`, `unpinned`, `sealed`
and `unattached` name what the account may not read. apt-config only reads, and passes over files
that it may not read; no other manager is started. A unit that is a device is masked: a link to
/dev/null.
"""
