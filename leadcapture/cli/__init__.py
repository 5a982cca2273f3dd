"""`flask leads …`: everything that can be done without a browser."""

from flask.cli import AppGroup

from leadcapture.cli import account, leads, mapping, marketing, reconciling, running, setup

leads_group = AppGroup("leads", help="Receive leads, deliver them to Nexudus, and see what became of them.")
for command in (
    *running.COMMANDS,
    *account.COMMANDS,
    *leads.COMMANDS,
    *mapping.COMMANDS,
    *marketing.COMMANDS,
    *reconciling.COMMANDS,
    *setup.COMMANDS,
):
    leads_group.add_command(command)
