# A Match block opens again for root what stands closed above it.
echo 'PermitRootLogin no' >/etc/ssh/sshd_config.d/00-auditor.conf
printf 'Match User root\n  PermitRootLogin yes\n' >>/etc/ssh/sshd_config
