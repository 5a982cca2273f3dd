"""What gunicorn and `flask` load: `gunicorn wsgi:app`, `flask leads …`."""

import sys

from leadcapture.app import create_app
from leadcapture.errors import ConfigError

try:
    app = create_app()
except ConfigError as error:
    sys.exit(error.told)
