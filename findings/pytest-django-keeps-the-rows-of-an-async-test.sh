#!/usr/bin/env bash
# pytest-django 4.14.0 with pytest-asyncio 1.5.0: rows that an async test makes are there in all later tests.
#
# Guess: a test marked django_db is rolled back at its end, async or not.
# Seen: the row stays. Django's async calls work in a thread with a connection of its own, which the test's transaction
# knows nothing of. What the next tests see depends on the order. With transaction=True the row is removed.
# https://pytest-django.readthedocs.io/en/latest/database.html
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pytest==9.2.0 pytest-django==4.14.0 pytest-asyncio==1.5.0 \
  django==5.2.19
cat > pytest.ini <<'INI'
[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
DJANGO_SETTINGS_MODULE = settings
INI
mkdir shop; touch shop/__init__.py
cat > shop/models.py <<'PY'
from django.db import models


class Item(models.Model):
    name = models.CharField(max_length=20)
PY
cat > settings.py <<'PY'
SECRET_KEY = "for a test"
INSTALLED_APPS = ["shop"]
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
PY
write_test() {
  cat > test_a.py <<PY
import pytest
from shop.models import Item


@pytest.mark.django_db
def test_of_the_usual_kind():
    Item.objects.create(name="made by a plain test")


@pytest.mark.django_db
def test_after_it():
    print("\nrows after the plain test:", Item.objects.count())


@pytest.mark.django_db$1
async def test_async():
    await Item.objects.acreate(name="made by an async test")


@pytest.mark.django_db$1
def test_after_that():
    print("\nrows after the async test:", Item.objects.count())
PY
}
for marked in "" "(transaction=True)"; do
  write_test "$marked"
  echo "django_db$marked"
  venv/bin/python -m pytest -q -s > log.txt
  grep -E "rows after" log.txt
done | tee seen.txt
diff seen.txt - <<'SEEN'
django_db
rows after the plain test: 0
rows after the async test: 1
django_db(transaction=True)
rows after the plain test: 0
rows after the async test: 0
SEEN
