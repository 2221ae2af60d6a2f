#!/bin/sh
# packages: nis
