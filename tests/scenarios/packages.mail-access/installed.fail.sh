#!/bin/sh
# packages: dovecot-core
