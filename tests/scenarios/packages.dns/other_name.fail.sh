#!/bin/sh
# packages: pdns-server
