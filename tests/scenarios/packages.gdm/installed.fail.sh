#!/bin/sh
# packages: gdm3
