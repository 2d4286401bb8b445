"""What the rows of tables hold, and the types by hand that say the same."""
