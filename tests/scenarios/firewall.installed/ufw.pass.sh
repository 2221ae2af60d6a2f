#!/bin/sh
# packages: ufw
