#!/bin/sh
# packages: lftp
