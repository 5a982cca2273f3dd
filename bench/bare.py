"""The bare view: what Flask alone takes to parse the same form under the same gunicorn settings."""

import uuid

from flask import Flask, Response, jsonify, request

app = Flask(__name__)


@app.post("/f/contact")
def submit() -> Response:
    """Parse the form, keep nothing, answer alike."""
    values = request.form.to_dict()
    return jsonify(ok=bool(values["email"]), id=str(uuid.uuid4()), next="/thanks")
