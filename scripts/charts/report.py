"""What was checked, and what failed."""
import traceback


class Report:
    def __init__(self):
        self.checks = 0
        self.failures = []
        self.place = ""

    def at(self, place):
        """Names where the checks that follow look, e.g. a value set."""
        self.place = place
        return self

    def run(self, check, *arguments):
        """Runs one group of checks; that it cannot go on is a failure too, and the others go on."""
        try:
            check(self, *arguments)
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            self.expect(False, f"{check.__module__}.{check.__name__} cannot go on: {error!r} in {where.name}, line {where.lineno}")

    def expect(self, condition, words):
        """Counts one check; `words` say what is wrong where it fails."""
        self.checks += 1
        if not condition:
            failure = f"{self.place}: {words}"
            if failure not in self.failures:
                self.failures.append(failure)
        return bool(condition)
