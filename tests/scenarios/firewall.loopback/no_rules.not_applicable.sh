#!/bin/sh
set -e
:
