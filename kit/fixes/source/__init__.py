"""Source trees that are edited without a change to what nobody asked for: comments, blank lines and line ends stay."""
