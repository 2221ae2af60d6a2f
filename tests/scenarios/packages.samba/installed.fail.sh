#!/bin/sh
# packages: samba
