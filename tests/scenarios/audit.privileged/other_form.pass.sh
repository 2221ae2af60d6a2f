#!/bin/sh
# The same rules written in their other form.
# packages: auditd
set -e
mkdir -p /etc/audit/rules.d
cat >/etc/audit/rules.d/50-a.rules <<'EOF'
-a exit,always -F path=/usr/bin/sudo -F perm=x -F auid>=1000 -F auid!=4294967295
-a exit,always -F path=/usr/bin/su -F perm=x -F auid>=1000 -F auid!=4294967295
-a exit,always -F path=/usr/bin/passwd -F perm=x -F auid>=1000 -F auid!=4294967295
-a exit,always -F path=/usr/bin/chsh -F perm=x -F auid>=1000 -F auid!=4294967295
-a exit,always -F path=/usr/bin/chfn -F perm=x -F auid>=1000 -F auid!=4294967295
-a exit,always -F path=/usr/bin/newgrp -F perm=x -F auid>=1000 -F auid!=4294967295
-a exit,always -F path=/usr/bin/gpasswd -F perm=x -F auid>=1000 -F auid!=4294967295
-a exit,always -F path=/usr/bin/chage -F perm=x -F auid>=1000 -F auid!=4294967295
-a exit,always -F path=/usr/bin/mount -F perm=x -F auid>=1000 -F auid!=4294967295
-a exit,always -F path=/usr/bin/umount -F perm=x -F auid>=1000 -F auid!=4294967295
EOF
