# packages: libpam-pwquality
:
