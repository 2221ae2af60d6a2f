#!/bin/sh
# packages: rsh-client
