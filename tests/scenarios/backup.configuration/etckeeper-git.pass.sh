#!/bin/sh
set -e
mkdir -p /etc/.git
