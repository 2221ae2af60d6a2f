#!/bin/sh
# packages: telnet
