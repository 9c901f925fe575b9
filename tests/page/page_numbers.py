"""Holds every number of a report to its results file: each cell of each table, each number of each sentence, caption and
alternative text, and each cell of each figure's table is computed again by page_study.py. A table, a column, a sentence
with a number, or a file that is not known here is a fault: a new section cannot slip through.
usage: page_numbers.py RESULTS_DIR ..."""
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
from page_figures import Figures  # noqa: E402
from page_words import check_words  # noqa: E402


def check(folder):
    """Faults of a results folder with its report, and how many numbers and words were held against the results."""
    checker = Figures(folder)
    checker.check_tables()
    checker.check_files()
    check_words(checker)
    return checker.faults, checker.count


def main():
    numbers, faults = 0, []
    for folder in sys.argv[1:]:
        found, count = check(folder)
        numbers += count
        faults += [f"{folder}: {one}" for one in found]
    print("\n".join(faults))
    print(f"{numbers} numbers and words checked in {len(sys.argv) - 1} reports, {len(faults)} wrong")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
