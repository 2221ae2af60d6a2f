#!/bin/sh
# packages: pure-ftpd
