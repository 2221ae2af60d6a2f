#!/usr/bin/env bash
# Install what the demo (`runtime`) or all tests (`all`) need: Debian packages and .venv.
# Says what it installs; does nothing, quickly, when nothing changed. No service is started.
set -euo pipefail
cd "$(dirname "$0")/.."

LAB="iproute2 util-linux procps openssl openssh-client openssh-server sudo nginx apache2 vsftpd postgresql rsyslog chrony knot python3"
RUNTIME="nmap gpgv debian-archive-keyring python3-venv $LAB"
TESTS="knot-dnsutils postfix dovecot-imapd dovecot-pop3d slapd sslscan testssl.sh dropbear-bin tinysshd mariadb-server busybox rpm dnf createrepo-c db5.3-util locales tcsh fish zsh mksh git make chromium:chromium nodejs:node npm:npm"
# package:command is a package whose command may have come by another way
if grep -qs '^ID=ubuntu' /etc/os-release; then TESTS=${TESTS/chromium:/chromium-browser:}; fi

say() { printf 'setup: %s\n' "$*" >&2; }
die() { say "$*"; exit 2; }

missing() { # the packages among $@ that are not installed, nor their commands
    local installed entry
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${@%%:*}" 2>/dev/null || true)
    for entry in "$@"; do
        case $'\n'$installed$'\n' in *$'\n'"installed ${entry%%:*}"$'\n'*) continue ;; esac
        case $entry in *:*) command -v "${entry#*:}" >/dev/null && continue ;; esac
        echo "${entry%%:*}"
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -- "$@"; fi
}

may_be_root() {
    [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; }
}

no_services() { # Debian's own way to keep package scripts from starting anything
    local policy=/usr/sbin/policy-rc.d
    [ ! -e $policy ] || return 0
    printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
    as_root chmod 755 $policy
    trap 'as_root rm -f /usr/sbin/policy-rc.d' EXIT
}

leave_disabled() { # what was installed just now does not start at the next boot either
    [ -d /run/systemd/system ] || return 0
    local units
    units=$(dpkg-query -L "$@" 2>/dev/null | sed -n 's|.*/systemd/system/\([^/@]*\.\(service\|socket\)\)$|\1|p')
    [ -z "$units" ] || as_root systemctl --quiet disable $units 2>/dev/null || true
}

install_packages() {
    local wanted=$1 lacking
    command -v apt-get >/dev/null && command -v dpkg-query >/dev/null ||
        die "this machine has no apt-get; install by hand what these Debian packages hold: $wanted"
    lacking=$(missing $wanted | xargs)
    [ -n "$lacking" ] || return 0
    if ! may_be_root; then
        [ "$mode" = runtime ] || die "root (or sudo) is needed to install: $lacking"
        say "without root nothing is installed and no lab can be made (lacking: $lacking)"
        return 0
    fi
    say "installing Debian packages: $lacking"
    no_services
    as_root apt-get update -qq || say "apt-get update failed; trying with the lists at hand"
    as_root env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive \
        apt-get install -qq -y --no-install-recommends $lacking >/dev/null ||
        die "apt-get could not install: $lacking"
    leave_disabled $lacking
}

find_python() {
    local python
    for python in python3.13 python3.12 python3.11 python3; do
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            "$python" -c 'import ensurepip, venv' 2>/dev/null ||
                die "$python has no venv module: install python3-venv"
            echo "$python"
            return
        fi
    done
    die "no Python 3.11 or newer was found"
}

install_venv() {
    local lock=$1 sum stamp=.venv/setup-stamp python
    sum=$(cat "$lock" pyproject.toml | sha256sum)
    if [ -x .venv/bin/python ] && grep -qsxF "$lock $sum" $stamp; then return; fi
    python=$(find_python)
    say "installing into .venv from $lock, with $("$python" --version)"
    [ -x .venv/bin/python ] && [ -x .venv/bin/pip ] || "$python" -m venv .venv
    .venv/bin/pip install -q --disable-pip-version-check --require-hashes -r "$lock" ||
        die "pip could not install $lock"
    .venv/bin/pip install -q --disable-pip-version-check --no-deps -e . ||
        die "pip could not install the auditor itself"
    touch $stamp
    sed -i "/^$lock /d" $stamp
    echo "$lock $sum" >>$stamp
}

install_node() {
    command -v node >/dev/null && command -v npm >/dev/null || install_packages "nodejs npm"
}

install_node_tests() { # what a folder's package-lock.json names, into the folder
    local folder=$1 sum stamp=$1/node_modules/setup-stamp
    sum=$(sha256sum <"$folder/package-lock.json")
    if grep -qsxF "$sum" "$stamp"; then return; fi
    say "installing $(sed -n 's|^ *"node_modules/\([^"/]*/*[^"/]*\)".*|\1|p' "$folder/package-lock.json" | wc -l) npm packages into $folder"
    npm ci --prefix "$folder" --ignore-scripts --silent --no-audit --no-fund ||
        die "npm could not install $folder/package-lock.json"
    echo "$sum" >"$stamp"
}

mode=${1:-}
case $mode in
runtime)
    install_packages "$RUNTIME"
    install_venv requirements.lock
    ;;
all)
    install_packages "$RUNTIME $TESTS"
    install_node
    install_node_tests tests/browser
    install_node_tests tests/servers/observatory
    install_venv requirements.lock
    install_venv requirements-dev.lock
    ;;
*) die "usage: tests/setup.sh runtime|all" ;;
esac
