#!/bin/sh
# packages: xinetd
