#!/bin/sh
# packages: talk
