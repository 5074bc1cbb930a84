"""Files of vacancies, trainings and paper forms, as offices keep them in spreadsheets."""

from bot.imports.forms import import_forms
from bot.imports.importing import Kind, import_file
from bot.imports.report import Problem, Report, Severity

__all__ = ["Kind", "Problem", "Report", "Severity", "import_file", "import_forms"]
