# What scripts/run and scripts/test share: saying what is done, installing what is missing, building.
# Sourced, not run; the caller has set -euo pipefail.
# shellcheck shell=bash disable=SC2034

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
jobs=$(nproc 2>/dev/null || echo 2)

build_packages=(
    gcc libc6-dev cmake ninja-build pkg-config protobuf-c-compiler libprotobuf-c-dev
    libzmq3-dev libsodium-dev liblmdb-dev libyaml-dev libjansson-dev
    libarchive-dev libexpat1-dev libmicrohttpd-dev libsystemd-dev libzip-dev libutf8proc-dev
    gettext python3 python3-protobuf # what people read: po/ and the words of proto/
)
# The end-to-end tests are Python, and one is a client written from the protocol alone.
test_packages=(dpkg-dev libcmocka-dev mandoc protobuf-compiler python3-openpyxl python3-zmq systemd)

say() {
    printf '\n==> %s\n' "$*"
}

die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

is_installed() {
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# Runs apt-get as root, with nobody to answer its questions.
apt_get() {
    local become=()
    [[ $(id -u) == 0 ]] || become=(sudo)
    "${become[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 \
        -o DPkg::Lock::Timeout=120 "$@" </dev/null
}

# install_missing PACKAGE...: installs those that are not there; does nothing if all are.
install_missing() {
    local missing=() package log
    for package in "$@"; do
        is_installed "$package" || missing+=("$package")
    done
    ((${#missing[@]} > 0)) || return 0
    if ! command -v apt-get >/dev/null; then
        die "these packages are missing, and there is no apt-get to install them: ${missing[*]}"
    fi
    if [[ $(id -u) != 0 ]] && ! command -v sudo >/dev/null; then
        die "install these packages first (this needs root or sudo): ${missing[*]}"
    fi
    say "Installing what is missing: ${missing[*]}"
    log=$(mktemp)
    if ! { apt_get update && apt_get install -y --no-install-recommends "${missing[@]}"; } \
        >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        die "apt-get could not install: ${missing[*]}"
    fi
    rm -f "$log"
}

# configure PRESET [OPTION...]: in build/PRESET.
configure() {
    local log
    log=$(mktemp)
    if ! (cd "$root" && cmake --preset "$@") >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        die "cmake could not configure"
    fi
    rm -f "$log"
}

# A terminal sees one line of progress, a log only what went wrong.
ninja_options=(-j "$jobs")
[[ -t 1 ]] || ninja_options+=(--quiet)

# Chinese lines up in columns only where the locale knows its width.
case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
*UTF-8* | *utf8*) ;;
*) export LC_ALL=C.UTF-8 ;;
esac
