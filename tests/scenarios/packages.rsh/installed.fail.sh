#!/bin/sh
# packages: rsh-server
