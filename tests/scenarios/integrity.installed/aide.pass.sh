#!/bin/sh
# packages: aide
