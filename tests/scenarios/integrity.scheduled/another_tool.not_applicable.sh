#!/bin/sh
# packages: wazuh-agent
