#!/bin/sh
set -e
rm -rf /etc/.git
