#!/bin/sh
# packages: prelink
