#!/bin/sh
# packages: gdm
