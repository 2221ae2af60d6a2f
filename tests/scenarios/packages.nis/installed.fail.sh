#!/bin/sh
# packages: ypserv
