#!/bin/sh
# packages: openldap-clients
