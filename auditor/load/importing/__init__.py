"""Lists that others keep (spreadsheets, Ansible) become targets of the inventory."""
