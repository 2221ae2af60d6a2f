#!/bin/sh
# packages: bluez
