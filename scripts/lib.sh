# What scripts/run and scripts/test share: saying what is done, installing what is missing, building.
# What is said is Chinese where the person's language is (LC_ALL, else LC_MESSAGES, else LANG).
# Sourced, not run; the caller has set -euo pipefail.
# shellcheck shell=bash disable=SC2034

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
jobs=$(nproc 2>/dev/null || echo 2)

build_packages=(
    gcc libc6-dev cmake ninja-build pkg-config protobuf-c-compiler libprotobuf-c-dev
    libzmq3-dev libsodium-dev liblmdb-dev libyaml-dev libjansson-dev
    libarchive-dev libcurl4-openssl-dev libexpat1-dev libmicrohttpd-dev libqrencode-dev libssl-dev libsystemd-dev libuv1-dev libwebsockets-dev libzip-dev libutf8proc-dev libxlsxwriter-dev
    gettext python3 python3-protobuf # what people read: po/ and the words of proto/
)
# The end-to-end tests are Python, and one is a client written from the protocol alone.
test_packages=(dpkg-dev libcmocka-dev libfaketime mandoc openssl protobuf-compiler python3-nacl python3-openpyxl python3-zmq systemd)
# The pages are tested, and papers rendered, in a real browser with the fonts of a county's office.
browser_packages=(chromium fonts-noto-cjk poppler-utils)

case ${LC_ALL:-${LC_MESSAGES:-${LANG:-}}} in
zh*) language=zh ;;
*) language=en ;;
esac

# in_words ENGLISH CHINESE [ARGUMENT...]: the one that is in the person's language, a printf format.
in_words() {
    local format=$1
    [[ $language != zh ]] || format=$2
    shift 2
    # shellcheck disable=SC2059 # it is written where it is called
    printf -- "$format" "$@"
}

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
        die "$(in_words 'these packages are missing, and there is no apt-get to install them: %s' \
            '缺少以下软件包，且没有 apt-get 可以安装：%s' "${missing[*]}")"
    fi
    if [[ $(id -u) != 0 ]] && ! command -v sudo >/dev/null; then
        die "$(in_words 'install these packages first (this needs root or sudo): %s' \
            '请先安装以下软件包（须有 root 或 sudo 权限）：%s' "${missing[*]}")"
    fi
    say "$(in_words 'Installing what is missing: %s' '安装缺少的软件包：%s' "${missing[*]}")"
    log=$(mktemp)
    if ! { apt_get update && apt_get install -y --no-install-recommends "${missing[@]}"; } \
        >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        die "$(in_words 'apt-get could not install: %s' 'apt-get 未能安装：%s' "${missing[*]}")"
    fi
    rm -f "$log"
}

# The pages come by npm. Debian's packages are asked for only where there is no other.
install_npm() {
    { command -v node && command -v npm; } >/dev/null || install_missing nodejs npm
}

# configure PRESET [OPTION...]: in build/PRESET.
configure() {
    local log
    log=$(mktemp)
    if ! (cd "$root" && cmake --preset "$@") >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        die "$(in_words 'cmake could not configure' 'cmake 配置失败')"
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
