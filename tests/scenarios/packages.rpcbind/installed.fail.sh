#!/bin/sh
# packages: rpcbind
