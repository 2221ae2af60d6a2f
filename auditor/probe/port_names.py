"""What listens where, as data: services that should not be reached, by port and by nmap's names.

A number counts where nmap could not tell the service, or found a web page and the category is
one of web pages (`web`); a service name or a part of a product's name counts on any port.
"""

from collections.abc import Iterable, Mapping

from auditor.model.base import Text, Value
from auditor.probe.base import Record


class Category(Value, frozen=True):
    """Services of one sort: ports with their usual name, nmap's service names, product words."""

    label: Text
    ports: Mapping[str, str]
    services: frozenset[str] = frozenset()
    products: tuple[str, ...] = ()
    """In small letters."""
    web: bool = False


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CLEAR_TEXT = "clear_text"
"""The category whose ports are left alone where TLS is spoken."""

CATEGORIES: Mapping[str, Category] = {
    CLEAR_TEXT: Category(
        label=Text(id="Layanan tanpa enkripsi", en="Clear-text service"),
        ports={
            "21/tcp": "FTP",
            "23/tcp": "Telnet",
            "79/tcp": "Finger",
            "110/tcp": "POP3",
            "143/tcp": "IMAP",
            "389/tcp": "LDAP",
            "512/tcp": "rexec",
            "513/tcp": "rlogin",
            "514/tcp": "rsh",
            "873/tcp": "rsync",
            "1099/tcp": "Java RMI",
            "5900/tcp": "VNC",
        },
        services=_words(
            "ftp ftp-proxy telnet telnet-proxy login klogin shell kshell exec rexec "
            "finger pop3 pop3-proxy imap imap-proxy ldap vnc rsync java-rmi"
        ),
    ),
    "database": Category(
        label=Text(id="Basis data", en="Database"),
        ports={
            "1433/tcp": "Microsoft SQL Server",
            "1521/tcp": "Oracle",
            "3050/tcp": "Firebird",
            "3306/tcp": "MySQL/MariaDB",
            "5432/tcp": "PostgreSQL",
            "5984/tcp": "CouchDB",
            "6379/tcp": "Redis",
            "7687/tcp": "Neo4j",
            "8086/tcp": "InfluxDB",
            "8123/tcp": "ClickHouse",
            "9042/tcp": "Cassandra",
            "9200/tcp": "Elasticsearch",
            "9300/tcp": "Elasticsearch",
            "11211/tcp": "memcached",
            "27017/tcp": "MongoDB",
            "50000/tcp": "IBM Db2",
        },
        services=_words(
            "mysql postgresql ms-sql-s oracle oracle-tns oracle-db redis mongodb "
            "mongod memcached memcache couchdb cassandra cassandra-native "
            "elasticsearch firebird ibm-db2 informix maxdb monetdb rethinkdb-client"
        ),
        products=("elasticsearch rest", "elasticsearch binary", "couchdb", "influxdb"),
        web=True,
    ),
    "management": Category(
        label=Text(id="Panel kendali", en="Management panel"),
        ports={
            "623/tcp": "IPMI",
            "2082/tcp": "cPanel",
            "2083/tcp": "cPanel",
            "2086/tcp": "WHM",
            "2087/tcp": "WHM",
            "2375/tcp": "Docker",
            "2376/tcp": "Docker",
            "2379/tcp": "etcd",
            "4848/tcp": "GlassFish",
            "5985/tcp": "WinRM",
            "5986/tcp": "WinRM",
            "6443/tcp": "Kubernetes",
            "8291/tcp": "Winbox",
            "8728/tcp": "RouterOS API",
            "9090/tcp": "Cockpit, Prometheus",
            "9990/tcp": "WildFly",
            "10000/tcp": "Webmin",
            "10250/tcp": "Kubernetes kubelet",
        },
        services=_words("docker docker-swarm winbox routeros-api webmin wsman ipmi-advertiserd"),
        products=(
            "docker remote api", "portainer", "kubernetes", "cockpit", "webmin", "miniserv",
            "cpanel", "web host manager",
        ),
        web=True,
    ),
    "remote_desktop": Category(
        label=Text(id="Layar jarak jauh", en="Remote desktop"),
        ports={
            "3389/tcp": "RDP",
            "4899/tcp": "Radmin",
            "5800/tcp": "VNC",
            "5900/tcp": "VNC",
            "5901/tcp": "VNC",
            "5902/tcp": "VNC",
            "5938/tcp": "TeamViewer",
            "6000/tcp": "X11",
            "6001/tcp": "X11",
            "7070/tcp": "AnyDesk",
        },
        services=_words(
            "ms-wbt-server ms-wbt-server-proxy vnc vnc-http X11 radmin teamviewer "
            "pcanywheredata"
        ),
    ),
    "file_sharing": Category(
        label=Text(id="Berbagi berkas", en="File sharing"),
        ports={
            "111/tcp": "RPC portmapper",
            "139/tcp": "NetBIOS",
            "445/tcp": "SMB",
            "548/tcp": "AFP",
            "873/tcp": "rsync",
            "2049/tcp": "NFS",
            "3260/tcp": "iSCSI",
        },
        services=_words("rpcbind netbios-ssn microsoft-ds afp rsync nfs nfs_acl mountd iscsi"),
    ),
    "device": Category(
        label=Text(id="Printer, kamera, perekam", en="Printer, camera, recorder"),
        ports={
            "515/tcp": "LPD",
            "554/tcp": "RTSP",
            "631/tcp": "IPP",
            "8000/tcp": "Hikvision",
            "8554/tcp": "RTSP",
            "9100/tcp": "JetDirect",
            "34567/tcp": "XMeye DVR",
            "37777/tcp": "Dahua DVR",
        },
        services=_words(
            "rtsp rtsp-proxy ipp printer printer-admin jetdirect hp-pjl ipcam "
            "dvr-video rifa-dvr trendnet-webcam"
        ),
        products=("hikvision", "dahua", "ip camera", "webcam", "dvr", "network video", "printer"),
    ),
    "hypervisor": Category(
        label=Text(id="Pengelola mesin virtual", en="Hypervisor"),
        ports={
            "902/tcp": "VMware",
            "2179/tcp": "Hyper-V",
            "5480/tcp": "VMware appliance",
            "8006/tcp": "Proxmox VE",
            "9440/tcp": "Nutanix",
            "16509/tcp": "libvirt",
            "16514/tcp": "libvirt",
        },
        services=_words("vmware-auth vmware-print vmware-aam libvirt-rpc"),
        products=("vmware", "proxmox", "xenserver", "libvirt"),
        web=True,
    ),
    "industrial": Category(
        label=Text(id="Pengendali peralatan", en="Controller of equipment"),
        ports={
            "102/tcp": "Siemens S7",
            "502/tcp": "Modbus",
            "1911/tcp": "Niagara Fox",
            "2404/tcp": "IEC 60870-5-104",
            "9600/tcp": "OMRON FINS",
            "20000/tcp": "DNP3",
            "44818/tcp": "EtherNet/IP",
        },
        services=_words("modbus niagara-fox bacnet softplc iso-tsap dnp3"),
    ),
    "internal": Category(
        label=Text(id="Layanan antarserver", en="Service between servers"),
        ports={
            "1883/tcp": "MQTT",
            "2181/tcp": "ZooKeeper",
            "4369/tcp": "Erlang",
            "4949/tcp": "Munin",
            "5601/tcp": "Kibana",
            "5666/tcp": "NRPE",
            "5672/tcp": "AMQP",
            "8009/tcp": "AJP",
            "8161/tcp": "ActiveMQ",
            "8983/tcp": "Solr",
            "9092/tcp": "Kafka",
            "10050/tcp": "Zabbix",
            "15672/tcp": "RabbitMQ",
            "61616/tcp": "ActiveMQ",
        },
        services=_words(
            "amqp mqtt zookeeper epmd ajp13 munin nrpep zabbix gearman fcgiwrap "
            "java-message-service"
        ),
        products=("kibana", "grafana", "rabbitmq", "prometheus", "activemq", "apache solr"),
        web=True,
    ),
    "obsolete": Category(
        label=Text(id="Layanan usang", en="Obsolete service"),
        ports={
            "7/tcp": "echo",
            "9/tcp": "discard",
            "11/tcp": "systat",
            "13/tcp": "daytime",
            "15/tcp": "netstat",
            "17/tcp": "qotd",
            "19/tcp": "chargen",
            "37/tcp": "time",
            "540/tcp": "UUCP",
        },
        services=_words("echo discard systat daytime netstat qotd chargen time uucp"),
    ),
}  # fmt: skip
"""Category → what belongs to it; a port may belong to several."""

WATCHED = frozenset(
    int(port.partition("/")[0]) for category in CATEGORIES.values() for port in category.ports
)
"""Numbers of all categories: many of them are not among nmap's most used ports."""

AMPLIFIERS: Mapping[str, str] = {
    "17/udp": "QOTD",
    "19/udp": "chargen",
    "69/udp": "TFTP",
    "111/udp": "RPC portmapper",
    "137/udp": "NetBIOS",
    "389/udp": "CLDAP",
    "1434/udp": "Microsoft SQL Server",
    "1900/udp": "SSDP",
    "5353/udp": "mDNS",
    "11211/udp": "memcached",
}
"""Services that answer a forged sender with far more than they were asked."""

ROLES: Mapping[str, tuple[str, ...]] = {
    "web": ("80/tcp", "443/tcp"),
    "proxy": ("80/tcp", "443/tcp"),
    "mail": ("25/tcp", "465/tcp", "587/tcp", "993/tcp", "995/tcp"),
    "dns": ("53/tcp", "53/udp"),
    "ntp": ("123/udp",),
    "vpn": ("443/tcp", "500/udp", "1194/udp", "4500/udp", "51820/udp"),
}
"""Role → ports that it needs, for targets whose inventory names no port."""

WEB = frozenset({"http", "https", "http-alt", "https-alt", "http-proxy"})
"""nmap's names of a web page, which say nothing of what the page is for."""


def of_category(name: str, items: Iterable[Record]) -> list[str]:
    """Return the ports of a category, of `items` as the probe `ports` gives them."""
    return [
        item["port"]
        for item in items
        if _belongs(item, CATEGORIES[name]) and not (name == CLEAR_TEXT and item.get("tls"))
    ]


def _belongs(item: Record, category: Category) -> bool:
    service = str(item.get("service", "")).removeprefix("ssl/")
    product = str(item.get("product", "")).lower()
    if service in category.services or any(word in product for word in category.products):
        return True
    if item["port"] not in category.ports:
        return False
    return not item.get("identified") or (category.web and service in WEB)
