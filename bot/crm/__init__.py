"""The CRM picture: accounts, deals, their moves and touches, leads and targets; which deals need a look, and why."""
