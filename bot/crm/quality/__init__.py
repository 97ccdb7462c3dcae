"""What of the CRM's data cannot be quite right, as it stands now."""
