#!/bin/sh
# packages: cups
