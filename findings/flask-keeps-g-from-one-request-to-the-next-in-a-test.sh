#!/usr/bin/env bash
# Flask 3.1.3 with Flask-SQLAlchemy 3.1.1: in a test with an application context, requests share `g` and the session.
#
# Guess: each request of the test client begins with an empty `g`, as in production, whatever a fixture holds.
# Seen: a request takes the context that is there instead of its own. The second request is answered for the user of
# the first one, and a view that forgets to commit passes its test, since the next request sees its row.
# Flask-SQLAlchemy advises against a context for a whole test; that `g` is shared was not found in Flask's page on tests:
# https://flask.palletsprojects.com/en/stable/testing/
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check flask==3.1.3 flask-sqlalchemy==3.1.1 sqlalchemy==2.1.9
venv/bin/python -W ignore - <<'PY' | tee seen.txt
from contextlib import nullcontext

from flask import Flask, g, request
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///orders.db"
db = SQLAlchemy(app)


class Order(db.Model):
    id = db.Column(db.Integer, primary_key=True)


@app.get("/user")
def user():
    if "user" not in g:
        g.user = request.headers["user"]
    return g.user


@app.post("/orders")
def add():
    db.session.add(Order())
    db.session.flush()
    return "added, not committed"


@app.get("/orders")
def count():
    return str(db.session.query(Order).count())


with app.app_context():
    db.create_all()
for name, context in (("no context", nullcontext()), ("app_context()", app.app_context())):
    with context:
        client = app.test_client()
        users = [client.get("/user", headers={"user": one}).text for one in ("Ada", "Bob")]
        client.post("/orders")
        print(f"{name}: users {users}, orders {client.get('/orders').text}")
PY
diff seen.txt - <<'SEEN'
no context: users ['Ada', 'Bob'], orders 0
app_context(): users ['Ada', 'Ada'], orders 1
SEEN
