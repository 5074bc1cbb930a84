"""Files of vacancies and trainings, as offices keep them in spreadsheets."""

from bot.imports.importing import Kind, import_file
from bot.imports.report import Problem, Report, Severity

__all__ = ["Kind", "Problem", "Report", "Severity", "import_file"]
