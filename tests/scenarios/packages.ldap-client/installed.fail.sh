#!/bin/sh
# packages: ldap-utils
