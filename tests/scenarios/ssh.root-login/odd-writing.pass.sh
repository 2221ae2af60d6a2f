# Case of the keyword, an equals sign and quotes do not matter.
printf 'permitRootlogin="no"\n' >/etc/ssh/sshd_config.d/00-auditor.conf
