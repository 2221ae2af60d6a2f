#!/bin/sh
set -e
rm -rf /etc/apache2
