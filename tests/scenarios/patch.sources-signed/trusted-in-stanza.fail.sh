rm -f /etc/apt/sources.list /etc/apt/sources.list.d/* /etc/apt/apt.conf.d/*
printf 'Types: deb\nURIs: http://repo.batu.lab/debian\nSuites: bookworm\nComponents: main\nTrusted: yes\n' >/etc/apt/sources.list.d/lokal.sources
