"""The text that looks which programs and libraries processes have in memory, and whose they are."""

from auditor.probe.packages import APK

PATHS, REPLACED = 600, 500
"""Files of all that listens, and replaced files, that are looked at."""

_LOOK = rf"""
function number(path) {{
  if (!(path in known)) {{
    if (total >= {PATHS}) {{ cut = 1; return 0 }}
    known[path] = ++total
    print "f " total " " path
  }}
  return known[path]
}}
function note(name, path,  n) {{
  if (path !~ /^\/[A-Za-z0-9_.+:@%,=~\\\/-]+$/) return
  n = number(path)
  if (n && !((name, n) in noted)) {{ noted[name, n] = 1; print "n " n " " name }}
}}
function want(name) {{ if (!(name in asked)) {{ asked[name] = 1; wanted[++names] = name }} }}
function unit(name,  i, stem) {{
  for (i = 1; i <= homes; i++) source(name, home[i] "/" name)
  if (name ~ /@.*\./) {{
    stem = name
    sub(/@.*\./, "@.", stem)
    for (i = 1; i <= homes; i++) source(name, home[i] "/" stem)
  }}
  stem = name
  if (sub(/\.service$/, "", stem)) source(name, "/etc/init.d/" stem)
}}
function source(name, path,  line, n, r, value) {{
  for (n = 0; n < 400 && (r = (getline line <path)) > 0; n++) {{
    value = line
    if (sub(/^ExecStart=[-@:+!|]*/, "", value)) {{
      sub(/[ \t].*$/, "", value)
      note(name, value)
    }}
    value = line
    if (name ~ /\.socket$/ && sub(/^Service=/, "", value)) {{ want(value); by[name] = value }}
  }}
  close(path)
  if (n || r == 0) note(name, path)
}}
function look(pid,  file, line, r, i, path, gone, row, comm, n, first) {{
  file = "/proc/" pid "/maps"
  row = comm = ""
  while ((r = (getline line <file)) > 0) {{
    if (line !~ /^[0-9a-f]+-[0-9a-f]+ ..x/ || !(i = index(line, "/"))) continue
    path = substr(line, i)
    gone = sub(/ \(deleted\)$/, "", path)
    if (!first++ && pid in listens && path !~ ours) row = " 0"
    if (gone) sub(/(;[0-9a-f]+|\.dpkg-(new|tmp))$/, "", path)
    if (path !~ ours || !(gone || pid in listens)) continue
    if (path !~ /^\/[A-Za-z0-9_.+:@%,=~\/-]+$/) {{ cut = 1; continue }}
    if (!(n = number(path))) continue
    if (pid in listens && !((pid, n) in has)) {{ has[pid, n] = 1; row = row " " n }}
    if (gone) {{
      if (comm == "" && (getline comm <("/proc/" pid "/comm")) <= 0) comm = "?"
      if (!((comm, n) in old)) {{
        if (++olds > {REPLACED}) cut = 1
        else {{ old[comm, n] = 1; print "d " n " " comm }}
      }}
    }}
  }}
  close(file)
  close("/proc/" pid "/comm")
  if (r < 0 && (getline line <("/proc/" pid "/stat")) > 0 && line !~ /\) [ZX] /) print "x"
  close("/proc/" pid "/stat")
  if (r >= 0 && pid in listens) print "p " pid row
}}
/^(tcp|udp) / {{
  text = $0
  while (match(text, /pid=[0-9]+,fd=/)) {{
    listens[substr(text, RSTART + 4, RLENGTH - 8)] = 1
    text = substr(text, RSTART + RLENGTH)
  }}
  port = $5
  sub(/^.*:/, "", port)
  if ($0 ~ /[(]"systemd",pid=1,|cgroup:\/init\.scope/) {{ held[port] = 1; holds = 1 }}
  if (match($0, /cgroup:\/[^ ]*/)) {{
    n = split(substr($0, RSTART, RLENGTH), parts, "/")
    if (parts[2] != "user.slice")
      for (i = n; i > 1; i--)
        if (parts[i] ~ /^[A-Za-z0-9:_.@\\-]+\.(service|socket)$/) {{ want(parts[i]); break }}
  }}
  next
}}
$1 == "s" {{ sources[++files] = $2; next }}
$2 == "/" {{ own = $1 }}
$2 == "/proc/self/ns/mnt" {{ space = $1 }}
$2 ~ /^\/proc\/[0-9]+\/root$/ {{
  split($2, parts, "/")
  pids[++count] = parts[3]
  root[parts[3]] = $1
}}
$2 ~ /^\/proc\/[0-9]+\/ns\/mnt$/ {{ split($2, parts, "/"); mount[parts[3]] = $1 }}
END {{
  ours = "^/(usr|lib[0-9x]*|opt|bin|sbin)/"
  homes = split("/etc/systemd/system /run/systemd/generator /run/systemd/generator.late " \
    "/usr/local/lib/systemd/system /usr/lib/systemd/system /lib/systemd/system", home, " ")
  if (own != "" && space != "") print "seen"
  for (i = 1; i <= count; i++) {{
    pid = pids[i]
    if (root[pid] != own && mount[pid] != space) {{ if (pid in listens) print "o " pid }}
    else look(pid)
  }}
  for (i = 1; holds && i <= files; i++) {{
    n = split(sources[i], parts, "/")
    name = parts[n]
    if (name ~ /\.conf$/) {{ name = parts[n - 1]; sub(/\.d$/, "", name) }}
    for (n = 0; n < 200 && (getline line <sources[i]) > 0; n++) {{
      port = line
      if (!sub(/^Listen(Stream|Datagram)=/, "", port)) continue
      kind = line ~ /^ListenS/ ? "tcp" : "udp"
      sub(/[ \t\r]+$/, "", port)
      sub(/^.*:/, "", port)
      if (port in held && !((name, port, kind) in told)) {{
        told[name, port, kind] = 1
        want(name)
        print "l " port "/" kind " " name
      }}
    }}
    close(sources[i])
  }}
  for (i = 1; i <= names && i <= 200; i++) {{
    name = wanted[i]
    unit(name)
    if (name ~ /\.socket$/ && !(name in by)) {{
      sub(/\.socket$/, ".service", name)
      by[wanted[i]] = name
      want(name)
      sub(/(@[^.]*)?\.service$/, "@.service", name)
      by[wanted[i]] = by[wanted[i]] " " name
      want(name)
    }}
    if (wanted[i] in by) print "b " wanted[i] " " by[wanted[i]]
  }}
  if (names > 200) cut = 1
  if (cut) print "cut"
}}
"""
"""Awk, of sockets (`ss`), files of socket units ("s path"), and the root directory and the mounts
of each process ("device:inode path"): what has neither of ours is in a container, and its files are
not this system's. Only what is mapped to be executed counts.

f number path · n number unit (its files, and the program that it starts) · b socket unit, its
services · l port/protocol, the socket unit that listens there for systemd · p pid numbers (all that
a listening process has mapped, its program first: 0 is one from elsewhere) · o pid (listens in a
container) · d number name (a process that has the file, which was replaced, in memory) · x (a
process that was not shown) · cut (more than is looked at) · seen (it is known which processes are
in containers)
"""

_OWNED = r"""
NR == FNR {
  want[$0] = $0
  other = $0
  if (sub(/^\/usr\//, "/", other)) want[other] = $0
  else want["/usr" $0] = $0
  next
}
/^P:/ { name = substr($0, 3) }
/^F:/ { folder = substr($0, 3) }
/^R:/ {
  path = "/" folder "/" substr($0, 3)
  if (path in want) print name "\t" want[path]
}
"""
"""Awk, of paths and apk's database: package and path."""

UNOWNED = "/proc/uptime"
"""A file that is there and of no package: rpm's words on it part its answers from each other."""

TEXT = rf"""
[ "$U" != 0 ] || printf 'root\n'
{{
  printf '%s\n' "${{sockets-}}"
  case ${{sockets-}} in
  *'("systemd",pid=1,'*|*cgroup:/init.scope*)
    for f in /etc/systemd/system /run/systemd/generator /usr/lib/systemd/system \
      /lib/systemd/system; do
      printf 's %s\n' "$f"/*.socket "$f"/*.socket.d/*.conf
    done ;;
  esac
  exec stat -L -c '%d:%i %n' / /proc/self/ns/mnt /proc/[0-9]*/root /proc/[0-9]*/ns/mnt
}} | {{
  q='{_LOOK}'
  [ -z "$T" ] || exec timeout -k 1 30 awk "$q"
  exec awk "$q"
}} | {{
  set --
  while IFS= read -r l; do
    printf '%s\n' "$l"
    case $l in 'f '*) l=${{l#* }}; set -- "$@" "${{l#* }}" ;; esac
  done
  [ $# -gt 0 ] || return 0
  if command -v dpkg-query >/dev/null && {{
    [ -e /var/lib/dpkg/info/base-files.list ] || {{
      ! command -v rpm >/dev/null && [ ! -e {APK} ]
    }}
  }}; then
    printf 'owners dpkg\n'
    for f do
      case $f in
      /usr/*) set -- "$@" "${{f#/usr}}" ;;
      *) set -- "$@" "/usr$f" ;;
      esac
    done
    t 30 dpkg-query -S "$@"
  elif [ -e {APK} ]; then
    printf 'owners apk\n'
    printf '%s\n' "$@" | t 30 awk '{_OWNED}' - {APK}
  elif command -v rpm >/dev/null; then
    printf 'owners rpm\n'
    for f do
      shift
      set -- "$@" "$f" {UNOWNED}
    done
    set -- env HOME=/dev/null rpm -qf --nosignature --nodigest --qf '%{{NAME}}\t%{{ARCH}}\n' "$@"
    [ "$U" != 0 ] || set -- chroot --userspec=65534:65534 --groups=65534 / "$@"
    t 60 "$@"
  fi
  return 0
}}
return 0
"""
"""Runs in the shell in which the sockets were listed, and uses what was listed there: they are read
once. rpm is asked as in packages.py, and knows both names of a file where /lib is in /usr; dpkg and
apk are asked by both.
"""
