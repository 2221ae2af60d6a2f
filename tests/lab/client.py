"""How the lab's tests reach a target: as a person would, by the programs that all use."""

import socket
import time

import paramiko


def connect(address, port=22, seconds=4.0):
    return socket.create_connection((address, port), timeout=seconds)


def first_bytes(address):
    with connect(address) as connection:
        return connection.recv(4)


def ssh(lab, name, *command, known_hosts=None, **more):
    known = known_hosts or lab.make_home(lab.folder / "home") / "known_hosts"
    options = ("StrictHostKeyChecking=yes", "BatchMode=yes", f"UserKnownHostsFile={known}")
    line = ["ssh", "-i", str(lab.key), *(word for o in options for word in ("-o", o))]
    address = f"auditor@{lab.addresses[name]}"
    return lab.run(*line, address, *command, capture_output=True, text=True, timeout=20, **more)


def password_login(lab, name, password):
    with paramiko.SSHClient() as client:
        client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
        with lab.network():
            client.connect(
                lab.addresses[name],
                username="auditor",
                password=password,
                look_for_keys=False,
                allow_agent=False,
            )
        _, out, _ = client.exec_command("id -un")
        return out.read().decode().strip()


def s_client(lab, name, *options, send=b""):
    line = ("openssl", "s_client", "-connect", f"{lab.addresses[name]}:443", *options)
    done = lab.run(*line, input=send, capture_output=True, timeout=20)
    return done.stdout.decode(errors="replace")


def wait_until(true, seconds=10):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)
