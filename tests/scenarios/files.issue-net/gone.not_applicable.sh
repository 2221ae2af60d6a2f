#!/bin/sh
rm -f '/etc/issue.net'
