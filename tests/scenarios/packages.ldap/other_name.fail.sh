#!/bin/sh
# packages: openldap-servers
