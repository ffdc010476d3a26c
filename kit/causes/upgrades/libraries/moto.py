"""What releases of moto broke."""

from kit.facts.upgrades import Breakage

BREAKAGES = (
    Breakage(
        id="moto-mock-aws",
        library="moto",
        last_good="4.2.14",
        first_bad="5.0.0",
        kind="name-gone",
        error=r"ImportError: cannot import name 'mock_\w+' from 'moto'",
        cause="one decorator stands for all services",
        before="from moto import mock_s3",
        after="from moto import mock_aws",
        both=False,
        source="https://github.com/getmoto/moto/blob/master/CHANGELOG.md",
        uses=(
            "moto.mock_s3",
            "moto.mock_sqs",
            "moto.mock_sns",
            "moto.mock_dynamodb",
            "moto.mock_ec2",
            "moto.mock_lambda",
            "moto.mock_iam",
            "moto.mock_sts",
            "moto.mock_kms",
            "moto.mock_ssm",
            "moto.mock_secretsmanager",
            "moto.mock_logs",
            "moto.mock_events",
            "moto.mock_ses",
        ),
    ),
)
