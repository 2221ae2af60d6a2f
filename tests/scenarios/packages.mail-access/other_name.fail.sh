#!/bin/sh
# packages: cyrus-imapd
