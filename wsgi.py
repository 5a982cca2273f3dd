"""What gunicorn and `flask` load: `gunicorn wsgi:app`, `flask leads …`."""

import sys

from leadcapture.app import app_for_help, create_app
from leadcapture.errors import ConfigError

try:
    app = create_app()
except ConfigError as error:
    if "--help" not in sys.argv[1:]:
        sys.exit(error.told)
    app = app_for_help()
