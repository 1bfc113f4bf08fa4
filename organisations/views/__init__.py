"""What people see of this room outside the back office."""
