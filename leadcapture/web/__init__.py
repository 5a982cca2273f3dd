"""HTTP in and out: thin views; a request never waits for the CRM."""
