"""Write what a report says: HTML for people, JSON for machines, lines for a terminal."""
