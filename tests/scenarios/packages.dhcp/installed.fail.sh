#!/bin/sh
# packages: isc-dhcp-server
