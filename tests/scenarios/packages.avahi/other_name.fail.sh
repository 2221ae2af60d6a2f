#!/bin/sh
# packages: avahi
