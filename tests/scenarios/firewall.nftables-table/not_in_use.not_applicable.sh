#!/bin/sh
# packages: nftables
set -e
:
