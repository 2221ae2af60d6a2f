# A file that another folder's include brings in comes first.
mkdir /etc/ssh/local.d
echo 'PermitRootLogin yes' >/etc/ssh/local.d/a.conf
sed -i '1i Include local.d/*.conf' /etc/ssh/sshd_config
echo 'PermitRootLogin no' >/etc/ssh/sshd_config.d/00-auditor.conf
