#!/bin/sh
# packages: telnet-server
