#!/bin/sh
# packages: dnsmasq
