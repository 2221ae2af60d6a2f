#!/bin/sh
# packages: rsh-redone-server
