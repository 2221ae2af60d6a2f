groupadd sugroup
