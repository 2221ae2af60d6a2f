#!/bin/sh
# packages: telnet-ssl
