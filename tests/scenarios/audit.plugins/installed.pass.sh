#!/bin/sh
# packages: audispd-plugins
