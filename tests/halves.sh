#!/usr/bin/env bash
# Run all tests with coverage in two processes, one a core; what waits for other tools runs alone.
# A new folder of tests has to be named here.
set -uo pipefail
cd "$(dirname "$0")/.."
run() { .venv/bin/python -m coverage run -p -m pytest -q "$@"; }
alone=tests/servers/test_tls_compare.py
log=$(mktemp)
trap 'rm -f "$log"' EXIT

run tests/unit tests/scenarios tests/render tests/store tests/probes tests/cli >"$log" 2>&1 &
first=$!
run tests/servers tests/hostile tests/lab tests/browser --ignore=$alone
rest=$?
wait $first
pure=$?
cat "$log"
run $alone
measured=$?
exit $((pure || rest || measured))
