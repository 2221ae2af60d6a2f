"""The walk of web roots: one find, and one awk that judges names, modes and code on the target.

Only paths, signs and numbers of lines leave it, never a line of a file.
"""

SECONDS = 90
"""A walk that takes longer is given up; what it had found until then counts."""
MOST = 200
"""Names kept of each subject; all are counted."""
LARGEST = 8 * 2**20
"""Bytes of the largest PHP file that is read; larger ones are counted as not looked into."""
BUDGET = 400 * 2**20
"""Bytes of all files that are read."""

USUAL = (
    "/var/www",
    "/srv/www",
    "/usr/share/nginx/html",
    "/opt/lampp/htdocs",
    "/home/*/public_html",
    "/home/*/htdocs",
    "/home/*/domains/*/public_html",
)
_CONFIGURATION = (
    "/etc/nginx/nginx.conf /etc/nginx/conf.d/*.conf /etc/nginx/sites-enabled/* "
    "/etc/nginx/http.d/*.conf /etc/nginx/vhosts.d/*.conf /etc/nginx/default.d/*.conf "
    "/etc/apache2/apache2.conf /etc/apache2/httpd.conf /etc/apache2/sites-enabled/* "
    "/etc/apache2/conf.d/* /etc/apache2/conf-enabled/* /etc/apache2/vhosts.d/*.conf "
    "/etc/httpd/conf/httpd.conf /etc/httpd/conf.d/*.conf /etc/httpd/sites-enabled/* "
    "/opt/lampp/etc/httpd.conf /opt/lampp/etc/extra/*.conf"
)
BROAD = (
    "/|/bin|/boot|/dev|/etc|/home|/lib|/lib64|/media|/mnt|/opt|/proc|/root|/run|/sbin|/srv|/sys"
    "|/tmp|/usr|/usr/share|/usr/local|/var|/var/lib|/var/log|/inet*|/dev/*|/proc/*|/sys/*|/run/*"
)
"""No folder for a site: they are named, but not walked."""

_ROOTS = r"""
function put(x) {
  gsub(/["\047\r]/, "", x); sub(/[ \t]+$/, "", x); sub(/\/+$/, "", x)
  if (x == "") x = "/"
  if (x ~ /^\/[^$*?]*$/ && length(x) < 500 && !(x in seen) && ++c <= 200) { seen[x]; print x }
}
/^[ \t]*#/ { next }
{
  s = $0
  while (match(s, /(^|[ \t;{])root[ \t]+[^ \t;]+[ \t]*;/)) {
    x = substr(s, RSTART, RLENGTH); s = substr(s, RSTART + RLENGTH)
    sub(/^[ \t;{]*root[ \t]+/, "", x); sub(/[ \t]*;$/, "", x); put(x)
  }
}
tolower($1) == "documentroot" { x = $0; sub(/^[ \t]*[^ \t]+[ \t]+/, "", x); put(x) }
"""

_JUDGE = r"""
function hit(mark, line) {
  if (++n[mark] <= MOST) print mark "\t" line + 0 "\t" mode "\t" owner "\t" path
}
function first(sign, line) {
  if (!(sign in told)) { told[sign] = 1; hit("shell " sign, line) }
}
function code(s, l) {
  if (s ~ /^[ \t]*(\*|\/\/|#|\/\*)/ && s !~ /\*\//) return
  if (s ~ RUNS "[ \t@(]*(" WRAPS ")[ \t]*\\(") first("eval-decoded", l)
  if (s ~ RUNS "[ \t@]*((" WRAPS "|trim|stripslashes|urldecode)[ \t]*\\([ \t@]*)*" INPUT)
    first("input-run", l)
  if (s ~ INPUT "[ \t]*\\[[^]]*\\][ \t]*\\(") first("input-called", l)
  if (index(s, "`") && s !~ /\/\/.*`/) {
    u = s
    gsub(/\047[^\047]*\047|"[^"]*"/, "", u)
    if (u ~ /`[^`]*\$_(get|post|request|cookie)/) first("input-run", l)
  }
  if (s ~ PREG)
    first("preg-eval", l)
  if (s ~ /(include|require)(_once)?[ \t(]+["\047]https?:\/\//) first("remote-include", l)
  if (s ~ CHR CHR CHR "chr") first("built-name", l)
  if (s ~ /(filesman|indoxploit|b374k|wso_version|r57shell|c99shell|mini shell)/)
    first("shell-words", l)
  if (size <= 512 && s ~ /(^|[^a-z0-9_>:$])phpinfo[ \t]*\(/ && !info) { info = 1; hit("info", l) }
}
function words(s,   i) {
  for (i = 1; i <= P; i++)
    if (!(i in heard) && index(s, PHRASE[i])) { heard[i] = 1; lexicon++ }
}
function override(s, l) {
  if (s ~ /^[ \t]*#/) return
  if (s ~ /auto_(ap|pre)pend_file[ \t=]+["\047]?[^ \t"\047]/ &&
      s !~ /pend_file[ \t=]+["\047]?none/) hit("override prepend", l)
  if (s ~ /(addtype|addhandler|sethandler|forcetype)[ \t].*(php|cgi-script)/ &&
      (s ~ /\.?(jpe?g|png|gif|ico|txt|css|svg|webp|bmp|pdf|docx?)([ \t"\047]|$)/ ||
       s ~ /^[ \t]*(sethandler|forcetype)/)) hit("override handler", l)
  if (s ~ /rewritecond.*%\{http_(user_agent|referer)\}[ \t]+[^! \t].*(google|bing|yahoo)/)
    hit("override visitors", l)
  if (s ~ /allow_url_include[ \t=]+["\047]?(on|1)/) hit("override include", l)
}
function look(kind,   s, l, k) {
  if (size > LARGEST) { if (kind == "php") hit("unread", 0); return }
  if ((spent += size) > BUDGET) { if (!full++) print "!budget"; return }
  split("", told); split("", heard); lexicon = 0; info = 0
  while ((k = (getline s < path)) > 0) {
    l++
    s = tolower(s)
    if (kind == "override") override(s, l)
    if (kind == "php" && s ~ QUICK) code(s, l)
    if (kind != "override" && size <= 262144 && s ~ /gacor|togel|maxwin|slot|judi|sbobet|toto /)
      words(s)
  }
  close(path)
  if (k < 0) hit("unread", 0)
  if (lexicon >= 3) hit("gambling words", 0)
}
BEGIN {
  FS = "\n"
  RUNS = "eval|assert|system|passthru|shell_exec|exec|popen|proc_open|pcntl_exec"
  RUNS = RUNS "|create_function|call_user_func|call_user_func_array"
  RUNS = "(^|[^a-z0-9_>:$])(" RUNS ")[ \t]*\\("
  WRAPS = "base64_decode|gzinflate|gzuncompress|gzdecode|str_rot13|strrev|rawurldecode"
  WRAPS = WRAPS "|hex2bin|convert_uudecode|file_get_contents|curl_exec"
  INPUT = "\\$_(get|post|request|cookie|files)"
  CHR = "chr\\((9[5-9]|1[01][0-9]|12[0-2])\\)[ \t]*\\.[ \t]*"
  PREG = "preg_replace[ \t]*\\([ \t]*[\"\047](/[^\"\047]*/|#[^\"\047]*#|~[^\"\047]*~)"
  PREG = PREG "[imsxu]*e[imsxu]*[\"\047][ \t]*,"
  QUICK = "eval|assert|\\$_|preg_replace|include|require|chr\\(|phpinfo|shell|filesman"
  QUICK = QUICK "|indoxploit|b374k|wso_"
  P = "slot gacor|slot online|situs slot|slot88|slot777|togel|maxwin|judi online|judi bola"
  P = P "|sbobet|toto macau|rtp slot|slot deposit|gacor hari ini|judi slot|agen judi"
  P = split(P, PHRASE, "|")
  SHELL = "^(c99|r57|wso|b374k|indoxploit|alfashell|alfacgiapi|webshell|mini-?shell|gelay)"
  SHELL = SHELL "[-_.0-9a-z]*\\.(php[0-9]?|phtml|phar)$"
  UPLOAD = "/(uploads?|userfiles|attachments?|images|img|gambar|foto|berkas|lampiran"
  UPLOAD = UPLOAD "|dokumen)/|^/([^/]+/)?(cache|tmp|temp|media)/|/wp-content/cache/"
  MADE = "/storage/framework/|/(bootstrap|var|libraries)/cache/"
  SECRET = "^(\\.env(\\..*)?|wp-config\\.php|configuration\\.php|LocalSettings\\.php"
  SECRET = SECRET "|config\\.inc\\.php|sysconfig(\\.local)?\\.inc\\.php)$"
  CONFIG = "/(config/(database|app|koneksi)|sites/default/settings|koneksi"
  CONFIG = CONFIG "|db_?(config|connect))\\.php$"
  LURE = "gacor|togel|maxwin|slot[-_]?(online|88|777)|judi[-_]?(online|bola|slot)|sbobet"
  LURE = LURE "|toto[-_]?macau"
  PACKED = "back-?up|cadangan|dump|public_html|htdocs|wwwroot|full_?site"
  DATA = "(^|[-_.])(db|database|data|basis_?data)([-_.0-9]|$)"
  COPY = "\\.(sql\\.(gz|bz2|xz|zip)|(dump|sqlite3?|mdb)(\\.(gz|bz2|xz|zip))?)$|\\.php~$"
  COPY = COPY "|\\.(php|inc|env|conf|html?)?[._-]?(bak|old|orig|save|swp|backup)$"
  PLAIN = "\\.(jpe?g|png|gif|pdf|docx?|txt|ico|zip)"
  CODE = "\\.(php[0-9]?|phtml|pht|phar)"
}
/^R/ { k = split(substr($0, 2), f, "\001"); for (i = 1; i <= k; i++) served[f[i]]; next }
/^S/ { start[substr($0, 2)]; next }
/^#/ { print; next }
/^x/ { path = substr($0, 2); mode = owner = "-"; hit("elsewhere", 0); next }
{
  split($0, f, " ")
  kind = f[1]; size = f[2] + 0; mode = f[3]; owner = f[4]
  path = substr($0, length(f[1] f[2] f[3] f[4]) + 5)
  if (path in start) base = length(path) + 1
  low = tolower(substr(path, base))
  plain = path; sub(/^.*\//, "", plain)
  name = tolower(plain)
  folder = path; sub(/\/[^\/]*$/, "", folder)
  kit = low ~ /\/(vendor|node_modules|wp-includes|wp-admin|site-packages)\//
  if (mode ~ /[2367]$/) hit("open", 0)
  if (name ~ LURE) hit("gambling name", 0)
  if (kind == "d") { if (name ~ /^\.(git|svn|hg|bzr)$/) hit("repository", 0); next }
  php = name ~ /\.(php[0-9s]?|phtml|pht|phar|inc)$/
  if (name ~ PLAIN CODE "$" || name ~ CODE PLAIN "$") hit("disguised", 0)
  if (php && !kit && substr(path, base) ~ UPLOAD && low !~ MADE &&
      !(name == "index.php" && size <= 64)) hit("upload", 0)
  if (name ~ SHELL) hit("shell known-name", 0)
  if (!kit && mode ~ /[4567]$/ && (plain ~ SECRET || low ~ CONFIG) &&
      name !~ /example|sample|dist$/) hit("secret", 0)
  if (!kit && name ~ COPY) hit("dump", 0)
  else if (!kit && name ~ /\.(sql|zip|tar|tgz|rar|7z|gz|bz2)$/ && ((folder in served) ||
      name ~ PACKED || (name ~ /\.sql$/ && (size >= 102400 || name ~ DATA)))) hit("dump", 0)
  if (php && owner ~ /^(www-data|apache|nginx|http|nobody|wwwrun|daemon)$/ &&
      mode ~ /[2367]..$/) n["own"]++
  if (php) { scanned++; look("php") }
  else if (name == ".htaccess" || name == ".user.ini") look("override")
  else if (name ~ /\.html?$/ && size <= 262144) look("text")
}
END { for (k in n) print "=" n[k] "\t" k; print "=" scanned + 0 "\tscanned" }
"""

TEXT = rf"""
set --
for f in {_CONFIGURATION}; do
  [ -f "$f" ] && [ -r "$f" ] && set -- "$@" "$f"
done
w=
[ $# -eq 0 ] || w=$(t 10 awk '{_ROOTS}' "$@")
set --
l='
'
a=
for p in {" ".join(USUAL)}; do
  [ -d "$p" ] && printf 'usual\t%s\n' "$p" && set -- "$@" "$p"
done
while [ -n "$w" ]; do
  p=${{w%%"$l"*}}
  case $w in *"$l"*) w=${{w#*"$l"}} ;; *) w= ;; esac
  [ -d "$p" ] || continue
  case $p in
  {BROAD}) printf 'broad\t%s\n' "$p"; continue ;;
  esac
  printf 'root\t%s\n' "$p"
  a=$a$p$l
  k=1
  for q do
    case $p/ in "$q"/*) k=0; break ;; esac
  done
  [ "$k" = 0 ] || set -- "$@" "$p"
done
[ $# -gt 0 ] || return 0
{{
  printf 'R%s\0' "$a" "$@"
  printf 'S%s\0' "$@"
  t {SECONDS} find -H "$@" -ignore_readdir_race \
    \( -fstype nfs -o -fstype nfs4 -o -fstype cifs -o -fstype fuse.sshfs -o -fstype proc \) \
    -printf 'x%p\0' -prune -o \
    \( -type d \( -name .git -o -name .svn -o -name .hg -o -name .bzr \) -prune \
    -o -type d -o -type f \) -printf '%y %s %m %u %p\0'
  printf '#%s\0' "$?"
}} | tr '\n\0' '\001\n' | t {SECONDS + 10} awk -v MOST={MOST} -v LARGEST={LARGEST} \
  -v BUDGET={BUDGET} '{_JUDGE}' || [ $? -eq 124 ]
"""
