#!/bin/sh
# packages: telnetd
