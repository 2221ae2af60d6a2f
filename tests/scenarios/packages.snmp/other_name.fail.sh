#!/bin/sh
# packages: net-snmp
