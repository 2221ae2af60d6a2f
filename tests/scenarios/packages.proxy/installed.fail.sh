#!/bin/sh
# packages: squid
