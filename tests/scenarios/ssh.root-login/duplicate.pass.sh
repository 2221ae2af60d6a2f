# Of two lines the first counts.
printf 'PermitRootLogin no\nPermitRootLogin yes\n' >/etc/ssh/sshd_config.d/00-auditor.conf
