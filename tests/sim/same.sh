#!/usr/bin/env bash
# Same seed, same run: twice in one program, and in another that was compiled otherwise.
set -euo pipefail
sim=$1
other=$2
run() {
    "$1" --seed 7 --seeds 5 --days 0.3 --faults all | sed -E 's/ simulated .*//; s/, [0-9.]+ days .*//'
}
once=$(run "$sim")
[[ $once == *hash* ]]
diff <(echo "$once") <(run "$sim")
diff <(echo "$once") <(run "$other")
echo "$once"
