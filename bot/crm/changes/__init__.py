"""What people change about deals from chat: how it enters the picture, how it meets the CRM's files, how it leaves."""
