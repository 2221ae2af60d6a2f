#!/bin/sh
# packages: ufw, iptables-persistent
