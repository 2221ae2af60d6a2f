#!/bin/sh
# packages: whoopsie
