#!/bin/sh
# packages: ftp
