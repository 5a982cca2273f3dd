"""The operator's pages: an inbox of leads, what is wrong and what to do, forms, reports, setting up."""
