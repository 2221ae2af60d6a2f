#!/bin/sh
# packages: apport
