#!/usr/bin/env bash
# pydantic 2.14.4 with time-machine 3.6.0 and freezegun 1.5.5: PastDate and FutureDate do not see the time of the test.
#
# Guess: where the test is in 2020, February 2020 is a FutureDate, since `date.today()` says January.
# Seen: it is past, by the real clock. Such a test passes until its date has come. Where
# freezegun holds the time at the first check of a process, the checks are TypeErrors about None.
# Not found in the documentation; the TypeError is reported: https://github.com/pydantic/pydantic/issues/11209
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check pydantic==2.14.4 time-machine==3.6.0 freezegun==1.5.5
cat > check.py <<'PY'
import datetime
import sys

import freezegun
import time_machine
from pydantic import FutureDate, PastDate, TypeAdapter

future, past = TypeAdapter(FutureDate), TypeAdapter(PastDate)


def check(adapter: TypeAdapter) -> str:
    try:
        return str(adapter.validate_python("2020-02-01"))
    except ValueError as error:
        return error.errors()[0]["msg"]
    except TypeError as error:
        return f"TypeError: {error}"


if "early" in sys.argv:
    check(future)
for travel in (freezegun.freeze_time, time_machine.travel):
    with travel("2020-01-15"):
        name = travel.__module__.split(".")[0]
        print(f"{name}, today {datetime.date.today()}: future {check(future)}, past {check(past)}")
PY
venv/bin/python check.py early | tee seen.txt
venv/bin/python check.py | tee -a seen.txt
diff seen.txt - <<'SEEN'
freezegun, today 2020-01-15: future Date should be in the future, past 2020-02-01
time_machine, today 2020-01-15: future Date should be in the future, past 2020-02-01
freezegun, today 2020-01-15: future TypeError: 'NoneType' object cannot be interpreted as an integer, past TypeError: 'NoneType' object cannot be interpreted as an integer
time_machine, today 2020-01-15: future Date should be in the future, past 2020-02-01
SEEN
