#!/bin/sh
# packages: atftpd
