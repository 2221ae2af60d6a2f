#!/bin/sh
# packages: bind9
