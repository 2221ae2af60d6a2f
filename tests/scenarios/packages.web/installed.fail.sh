#!/bin/sh
# target: {roles: [database]}
