#!/bin/sh
# packages: caddy
# target: {roles: [database]}
