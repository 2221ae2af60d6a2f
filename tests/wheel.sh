#!/usr/bin/env bash
# Build the wheel, install it alone in a fresh venv, run it from /, and see that no other name leaks.
set -euo pipefail
cd "$(dirname "$0")/.."
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
.venv/bin/python -m build --quiet --outdir "$dir/dist" .
.venv/bin/python -m venv "$dir/venv"
"$dir/venv/bin/pip" install --quiet --require-hashes -r requirements.lock
"$dir/venv/bin/pip" install --quiet --no-deps "$dir"/dist/*.whl
cd /
"$dir/venv/bin/auditor" --version
"$dir/venv/bin/auditor" check list > "$dir/list"
"$dir/venv/bin/auditor" check test > "$dir/test"
"$dir/venv/bin/python" -m auditor policy list > /dev/null
"$dir/venv/bin/python" - <<'PY'
from importlib.util import find_spec

leaked = [name for name in ("cli", "checks", "policies", "reports", "tests", "docs") if find_spec(name)]
assert not leaked, f"the wheel leaks {leaked}"
PY
echo "wheel: $(wc -l < "$dir/list") checks, nothing leaked"
