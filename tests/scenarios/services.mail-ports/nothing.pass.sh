#!/bin/sh
# Nothing listens here.
