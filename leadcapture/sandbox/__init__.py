"""A strict stand-in for the Nexudus CRM: its REST API, its refusals and its bad days, on this machine.

    server        sockets and threads; `Sandbox`, what tests and `python -m leadcapture.sandbox` start
    wire          HTTP/1.1 in and out
    application   which door a request takes, the faults on the way, the journal at the end
    api           /api: who may enter, routes, reading
    tokens        sign-in and renewal
    listing       filters, order, pages
    writing       create, replace, delete, commands
    rules         what a body must hold
    quirks        what some accounts refuse on top
    stages        what entering a stage sets off
    world         the records, and how replies show them
    entities      the tables of properties
    seed          what is there at the start
    storage       the file behind it all
    moments       date-times as text
    journal       what was called, and limits on it
    switch_table  every switch there is
    switches      where they stand, and which call a fault hits
    faults        what a fault answers
    control       /_sandbox
    page, panel   the board at / and its "Break it" form

docs/sandbox.md says how to use it, and what every switch does.
"""
