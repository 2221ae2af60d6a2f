#!/bin/sh
# The same rules written in their other form.
# packages: auditd
set -e
mkdir -p /etc/audit/rules.d
cat >/etc/audit/rules.d/50-a.rules <<'EOF'
-a exit,always -F arch=b64 -S ftruncate -S truncate -S openat -S open -S creat -F exit=-EACCES -F auid>=1000 -F auid!=4294967295
-a exit,always -F arch=b32 -S ftruncate -S truncate -S openat -S open -S creat -F exit=-EACCES -F auid>=1000 -F auid!=4294967295
-a exit,always -F arch=b64 -S ftruncate -S truncate -S openat -S open -S creat -F exit=-EPERM -F auid>=1000 -F auid!=4294967295
-a exit,always -F arch=b32 -S ftruncate -S truncate -S openat -S open -S creat -F exit=-EPERM -F auid>=1000 -F auid!=4294967295
EOF
