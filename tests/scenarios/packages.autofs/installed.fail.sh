#!/bin/sh
# packages: autofs
