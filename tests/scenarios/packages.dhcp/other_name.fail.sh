#!/bin/sh
# packages: dhcp-server
