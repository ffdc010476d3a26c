"""The apps of these tests are small and read in this process."""

from tests.reading_here import reading_here as reading_here
