touch /.dockerenv
