#!/bin/sh
# packages: slapd
