#!/bin/sh
# packages: tftpd-hpa
