"""What the inventory finds in healthy public packages: nothing that blocks, and smells, which are looked at by hand.

    python tests/bench/packages.py FOLDER [--runtime] [NAME]...

Fetches the sdists below FOLDER from the index that pip is set up with, once, and scans each as it is; ``--runtime``
asks the mapper registry too, where FOLDER/NAME-VERSION/.venv was made and has what the package needs. Prints every
finding, and a table; exits with 1 if one blocks.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tarfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from kit.inventory import Inventory
from kit.target import find_target
from tests.bench.fetching import pip_of

#: packages with models, as they were looked at
PACKAGES = {
    "advanced-alchemy": "1.12.0",
    "aiida-core": "2.9.4",
    "aodh": "23.0.0",
    "apache-airflow-core": "3.3.2",
    "apache-superset": "6.1.0",
    "apscheduler": "3.11.3",
    "argilla-server": "2.8.0",
    "barbican": "23.0.0",
    "blazar": "18.0.0",
    "calibreweb": "0.6.27",
    "celery": "5.7.0",
    "cinder": "29.0.0",
    "cloudkitty": "25.0.0",
    "conda-store-server": "2025.2.2",
    "dallinger": "12.4.0",
    "designate": "23.0.0",
    "fastapi": "0.165.0",
    "fastapi-users-db-sqlalchemy": "7.0.0",
    "fastcrud": "0.23.0",
    "flask-admin": "2.2.1",
    "flask-appbuilder": "5.3.0",
    "flask-dance": "7.1.0",
    "flask-monitoringdashboard": "5.1.0",
    "flask-security": "5.9.2",
    "galaxy-data": "26.1.2",
    "graphene-sqlalchemy": "2.3.0",
    "ihatemoney": "7.2.1",
    "invenio-access": "7.1.0",
    "invenio-accounts": "9.1.0",
    "invenio-oauth2server": "6.1.0",
    "invenio-pidstore": "4.0.2",
    "invenio-records": "6.1.0",
    "ironic": "39.0.0",
    "jupyterhub": "6.1.1",
    "keystone": "30.0.0",
    "langflow-base": "0.0.96",
    "magnum": "23.0.0",
    "mailman": "3.3.10",
    "manila": "23.0.1",
    "marshmallow-sqlalchemy": "1.6.0",
    "masakari": "22.0.0",
    "meltano": "4.4.1",
    "mistral": "23.0.0",
    "mlflow": "3.18.0",
    "nbgrader": "0.9.6",
    "neutron": "29.0.0",
    "nova": "34.0.0",
    "octavia": "19.0.0",
    "openstack-cyborg": "17.0.0",
    "openstack-heat": "27.0.1",
    "optuna": "5.0.0",
    "prefect": "3.9.1",
    "privacyidea": "3.14",
    "python-watcher": "17.0.0",
    "quetz-server": "0.10.4",
    "skypilot": "0.14.1",
    "sqladmin": "0.32.0",
    "sqlalchemy": "2.1.9",
    "sqlalchemy-continuum": "2.0.0",
    "sqlalchemy-file": "0.7.0",
    "sqlalchemy-mixins": "2.0.5",
    "sqlalchemy-searchable": "3.0.0",
    "sqlalchemy-utils": "0.43.0",
    "sqlmodel": "0.0.50",
    "starlette-admin": "1.0.3",
    "zenml": "0.98.0",
}


def main() -> int:
    """Scan all of them, or those that are named."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--runtime", action="store_true")
    asked = parser.parse_intermixed_args()
    rows, blocking = [], 0
    for name in asked.names or PACKAGES:
        root = fetch(name, PACKAGES[name], asked.folder)
        target = find_target(root)
        began = time.monotonic()
        facts = Inventory.of(target, runtime=asked.runtime, timeout_s=300).facts
        spent = time.monotonic() - began
        for finding in facts.findings:
            print(f"{name}: {finding.severity} {finding.title} ({', '.join(map(str, finding.locations[:3]))})")
        for problem in facts.problems:
            print(f"{name}: {problem}")
        kinds = Counter(one.kind if one.severity == "smell" else f"**{one.kind}**" for one in facts.findings)
        blocking += sum(one.severity != "smell" for one in facts.findings)
        found = ", ".join(f"{kind} {count}" for kind, count in kinds.items()) or "none"
        rows.append(
            f"| {name} {PACKAGES[name]} | {facts.files} | {len(facts.mapped_classes)} | {spent:.1f} | {found} |"
        )
    print("", "| package | files | classes | s | findings |", "| --- | --- | --- | --- | --- |", *rows, sep="\n")
    print(f"\n{blocking} findings that block")
    return 1 if blocking else 0


def fetch(name: str, version: str, folder: Path) -> Path:
    """The unpacked source, fetched if it is not there."""
    pattern = f"{name.replace('-', '?')}-{version}"
    if not [*folder.glob(f"{pattern}/")]:
        folder.mkdir(parents=True, exist_ok=True)
        command = [pip_of(folder), "download", "-q", "--no-deps", "--no-binary", name, "-d", folder]
        subprocess.run([*command, f"{name}=={version}"], check=True)
        with tarfile.open(next(folder.glob(f"{pattern}.tar.gz"))) as archive:
            archive.extractall(folder, filter="data")
    return next(folder.glob(f"{pattern}/"))


if __name__ == "__main__":
    sys.exit(main())
