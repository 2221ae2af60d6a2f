#!/bin/sh
# packages: squid-openssl
