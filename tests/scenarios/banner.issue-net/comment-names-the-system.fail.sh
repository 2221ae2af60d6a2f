# A banner has no comments: this line is shown.
printf '# debian\nDilarang masuk.\n' >/etc/issue.net
