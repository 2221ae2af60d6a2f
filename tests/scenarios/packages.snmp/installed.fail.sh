#!/bin/sh
# packages: snmpd
