#!/bin/sh
# packages: yp-tools
