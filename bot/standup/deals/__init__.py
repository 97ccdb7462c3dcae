"""The deals that a standup asks its people about, and what their answers change."""
