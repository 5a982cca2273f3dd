"""A strict stand-in for the Nexudus CRM: its REST API, its refusals and its bad days, on this machine.

server      sockets and threads; `Sandbox`, what tests and `python -m leadcapture.sandbox` start
wire        HTTP/1.1 in and out
application which door a request takes; a day's worth of faults; the journal of calls
api         /api: authentication, routes, reading
writing     /api: create, replace, delete, commands
rules       what a body must hold          quirks     what some accounts refuse on top
stages      what entering a stage sets off
listing     filters, order, pages          world      records and how they are shown
entities    the tables                     seed       what is there at the start
switches    faults that can be switched on faults     what a fault answers
tokens      sign-in and renewal            journal    what was called, and limits on it
control     /_sandbox                      page       the board at /
"""
