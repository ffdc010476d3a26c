from kit.report.incident import build_incident as build_incident
from kit.report.next_steps import next_step as next_step
from kit.report.status import verdict as verdict
from kit.report.wording import duration as duration
from kit.report.write import write_report as write_report
