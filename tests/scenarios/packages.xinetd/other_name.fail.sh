#!/bin/sh
# packages: inetutils-inetd
