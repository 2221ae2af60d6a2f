#!/bin/sh
# packages: auditd
