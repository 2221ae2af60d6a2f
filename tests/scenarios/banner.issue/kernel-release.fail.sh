printf 'Server \\r, dilarang masuk.\n' >/etc/issue
