"""What gunicorn and `flask` load: `gunicorn wsgi:app`, `flask leads …`."""

import sys

from leadcapture.app import create_app
from leadcapture.errors import ConfigError

try:
    app = create_app()
except ConfigError as error:
    print("leadcapture can't start:", *(f"  - {problem}" for problem in error.problems), sep="\n", file=sys.stderr)
    sys.exit(1)
