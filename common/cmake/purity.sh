#!/usr/bin/env bash
# Refuses a library that reaches for the world (LianqinPure.cmake says what that is).
#
#     purity.sh NM STAMP LIBRARY SYMBOLS [LIBRARY...]
#
# Every symbol that LIBRARY uses must be defined by itself or by one of the others, or be one of
# SYMBOLS (separated by commas), or a plain function on strings, or be called by code that the
# compiler adds. LIBRARY keeps no variables. STAMP is written if all that holds.
set -euo pipefail
export LC_ALL=C
nm=$1 stamp=$2 library=$3 symbols=$4
shift 4

{
    "$nm" --format=posix "$library" | sed 's/^/library /'
    "$nm" --format=posix --defined-only --extern-only "$library" "$@" | sed 's/^/defined /'
    # the section tells a variable from a constant table, which a linker fills in
    "$nm" --format=sysv "$library" | sed 's/ *| */|/g; s/^/section /'
} | awk -v library="${library##*/}" -v symbols="$symbols" '
    function plain(name) {
        return name ~ /^(mem(cmp|cpy|move|set|chr)|str(n?cmp|n?len|r?chr|c?spn|str))$/
    }
    function from_compiler(name) {
        return name ~ /^__(asan|ubsan|tsan|gcov|llvm|sancov|sanitizer_cov|stack_chk|odr_asan)_/ ||
            name ~ /^__(start|stop)___sancov/ || name == "_GLOBAL_OFFSET_TABLE_"
    }
    function unchecked(name) { # _FORTIFY_SOURCE calls memcpy __memcpy_chk
        return name ~ /^__.*_chk$/ ? substr(name, 3, length(name) - 6) : name
    }
    BEGIN {
        count = split(symbols, listed, ",")
        for (i = 1; i <= count; i++)
            allowed[listed[i]] = 1
    }
    $1 == "library" && NF == 2 { # libsvc_x.a[decide.c.o]:
        object = $2
        sub(/^.*\[/, "", object)
        sub(/\.o\]:$/, "", object)
    }
    $1 == "library" && $3 == "U" { used[$2 " in " object] = unchecked($2) }
    $1 == "defined" && $3 ~ /^[A-TV-Z]$/ { allowed[$2] = 1 }
    $1 == "section" {
        split(substr($0, 9), field, "|")
        if (field[7] ~ /^(\.t?(data|bss)(\.|$)|\*COM\*)/ && field[7] !~ /^\.data\.rel\.ro/ &&
            field[1] !~ /^__/)
            bad["it keeps the variable " field[1]] = 1
    }
    END {
        for (place in used)
            if (!(used[place] in allowed) && !plain(used[place]) && !from_compiler(used[place]))
                bad["it uses " place] = 1
        for (what in bad) {
            printf "%s is not pure: %s\n", library, what | "sort >&2"
            failed = 1
        }
        close("sort >&2")
        exit failed
    }'
: >"$stamp"
