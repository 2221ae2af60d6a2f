#!/bin/sh
# packages: rsh
