from kit.case.stages.diagnosis import explain as explain
from kit.case.stages.imports import declarations_of as declarations_of
from kit.case.stages.imports import source_of as source_of
from kit.case.stages.registry import map_registry as map_registry
from kit.case.stages.registry import marked_loaded as marked_loaded
from kit.case.stages.report import write_report as write_report
from kit.case.stages.tests import ingest_results as ingest_results
from kit.case.stages.tests import run_tests as run_tests
