#!/bin/sh
# packages: ytalk
