"""The CRM's API in our words: the one place that speaks HTTP to Nexudus.

Read in this order:

    calls       what we ask of the API, as a table
    transport   one HTTP exchange, timed and bounded
    meaning     what an answer, or its absence, means for us
    tokens      one sign-in shared by every process
    bodies      what we send
    responses   what comes back, as domain values
    client      the calls that delivery makes
"""
