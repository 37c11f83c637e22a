from dataclasses import dataclass, replace

from hypothesis import given
from hypothesis import strategies as st

from terakoya.research.policy import rules
from terakoya.research.suppression import ALL_GRADES, Group, Shown, groups, protected, table

RULES = rules()
K = RULES.smallest_cell


@dataclass(frozen=True)
class Result:
    grade: str
    subject: str
    pupil: str
    scaled: float
    count: int = 1


def subject_of(sizes: list[int], score: float = 0.5) -> list[Group]:
    return [Group(f"P{n}", "P030", size, size * score) for n, size in enumerate(sizes, start=1)]


def split(cells: list[Shown]) -> tuple[Shown, list[Shown]]:
    return cells[0], cells[1:]


sizes = st.lists(st.integers(1, 60), min_size=1, max_size=9)


def test_cell_below_the_smallest_size_is_suppressed() -> None:
    _, cells = split(protected(subject_of([K - 1, K, 3 * K]), RULES))
    assert cells[0] == Shown("P1", "P030", None, None)


def test_single_suppressed_cell_takes_a_second_one_with_it() -> None:
    total, cells = split(protected(subject_of([4, 30, 25, 40]), RULES))
    assert [cell.pupils for cell in cells] == [None, 30, None, 40]
    assert total.pupils == 99


def test_suppressed_cells_that_are_few_together_take_another_with_them() -> None:
    _, cells = split(protected(subject_of([2, 3, 30, 40]), RULES))
    assert [cell.pupils for cell in cells] == [None, None, None, 40]


def test_total_of_a_single_small_cell_is_suppressed() -> None:
    assert protected(subject_of([4]), RULES)[0].pupils is None


def test_table_without_small_cells_is_shown_whole() -> None:
    total, cells = split(protected(subject_of([10, 20, 30]), RULES))
    assert [cell.pupils for cell in cells] == [10, 20, 30]
    assert total == Shown(ALL_GRADES, "P030", 60, 50)


@given(sizes)
def test_no_cell_below_the_smallest_size_is_ever_shown(pupils: list[int]) -> None:
    assert all(cell.pupils is None or cell.pupils >= K for cell in protected(subject_of(pupils), RULES))


@given(sizes)
def test_total_less_what_is_shown_is_never_one_cell_nor_a_small_group(pupils: list[int]) -> None:
    total, cells = split(protected(subject_of(pupils), RULES))
    hidden = [cell for cell in cells if cell.pupils is None]
    if total.pupils is not None and hidden:
        difference = total.pupils - sum(cell.pupils or 0 for cell in cells)
        assert len(hidden) > 1 and difference >= K


@given(sizes, st.integers(1, 9))
def test_another_true_table_fits_every_suppressed_cell(pupils: list[int], change: int) -> None:
    """The attacker's view: each hidden cell could also have another size, with all that is shown unchanged."""
    total, cells = split(protected(subject_of(pupils), RULES))
    hidden = [place for place, cell in enumerate(cells) if cell.pupils is None]
    for place in hidden:
        others = [pupils[other] for other in hidden if other != place]
        assert total.pupils is None or any(other > 1 for other in others) or pupils[place] > 1


@given(st.floats(0, 1))
def test_mean_is_rounded_and_its_ends_are_cut(score: float) -> None:
    mean = protected(subject_of([20], score), RULES)[1].mean
    assert mean is not None and RULES.mean_least <= mean <= RULES.mean_most


def test_pupil_counts_once_however_many_results() -> None:
    rows = [Result("P1", "P030", "a", 0.0), Result("P1", "P030", "a", 1.0), Result("P1", "P030", "b", 1.0)]
    assert groups(rows) == [Group("P1", "P030", 2, 1.5)]


def test_release_table_does_not_depend_on_the_order_of_rows() -> None:
    rows = [Result(f"P{n % 3}", "P030", str(n), (n % 7) / 7) for n in range(60)]
    assert table(rows, RULES) == table(rows[::-1], RULES)


def test_every_subject_has_its_own_total() -> None:
    rows = [Result("P1", subject, str(n), 0.5) for n in range(12) for subject in ("P030", "P010")]
    totals = [cell for cell in table(rows, RULES) if cell.grade == ALL_GRADES]
    assert [(cell.subject, cell.pupils) for cell in totals] == [("P010", 12), ("P030", 12)]


def test_stricter_rules_suppress_more() -> None:
    cells = protected(subject_of([15, 30, 40]), replace(RULES, smallest_cell=20))
    assert [cell.pupils for cell in cells] == [85, None, None, 40]
