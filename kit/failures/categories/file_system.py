"""File system: a file or folder is missing, in the way, or not allowed."""

from kit.failures.rule import Rule, any_of, exception, message

RULE = Rule(
    rank=320,
    key="file-system",
    title="File system",
    meaning="A file or folder is missing, in the way, or may not be used.",
    advice="Make paths relative to the test file or to tmp_path, not to the folder that pytest was started in.",
    documentation="https://docs.pytest.org/en/stable/how-to/tmp_path.html",
    example="[Errno 2] No such file or directory: 'data/prices.csv'",
    matches=any_of(
        exception("FileNotFoundError", "PermissionError", "IsADirectoryError", "NotADirectoryError", "FileExistsError"),
        message(r"^\[Errno (?:2|13|17|20|21|23|24|28|30|36|39)\] "),
    ),
)
