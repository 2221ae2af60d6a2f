#!/bin/sh
# packages: cron
