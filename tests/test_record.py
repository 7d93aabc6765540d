"""Records: immutable, slotted, comparable, picklable; built by position or by name."""

from __future__ import annotations

import pickle

import pytest

from joblint.base.record import Record, fields, replace


class Point(Record):
    """Two numbers and a word."""

    x: int
    y: int = 2
    word: str = "a"

    @property
    def sum(self) -> int:
        return self.x + self.y


def test_fields_come_by_position_and_name() -> None:
    assert Point(1) == Point(1, 2) == Point(x=1, y=2, word="a") == Point(1, word="a")
    assert Point(1).sum == 3
    assert fields(Point) == ("x", "y", "word")
    assert repr(Point(1)) == "Point(x=1, y=2, word='a')"


@pytest.mark.parametrize(("args", "kwargs"), [((), {}), ((1, 2, "a", 4), {}), ((1,), {"z": 1}), ((1,), {"x": 1})])
def test_wrong_arguments_are_type_errors(args: tuple[int, ...], kwargs: dict[str, int]) -> None:
    with pytest.raises(TypeError):
        Point(*args, **kwargs)  # type: ignore[arg-type]


def test_nothing_can_be_changed() -> None:
    point = Point(1)
    with pytest.raises(AttributeError):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(AttributeError):
        del point.x
    with pytest.raises(AttributeError):
        point.other = 1  # type: ignore[attr-defined]
    assert replace(point, y=5) == Point(1, 5) and point == Point(1)


def test_equality_hash_and_pickle() -> None:
    assert Point(1) != Point(2) and Point(1) != (1, 2, "a")
    assert len({Point(1), Point(1), Point(2)}) == 2
    assert pickle.loads(pickle.dumps(Point(1, 3))) == Point(1, 3)


def test_a_default_before_a_field_without_one_is_refused() -> None:
    with pytest.raises(TypeError):

        class Wrong(Record):
            a: int = 1
            b: int  # type: ignore[misc]


def test_any_name_of_a_field_works_however_many_are_made() -> None:
    """The constructor that pays off after many records must not take a field for something of its own."""

    class Odd(Record):
        new: int
        cls: int
        made: int
        twin: int
        names: int = 5

    for n in range(300):
        odd = Odd(n, 1, 2, 3)
        assert (odd.new, odd.cls, odd.made, odd.twin, odd.names) == (n, 1, 2, 3, 5)


def test_many_records_of_a_type_are_like_the_first_ones() -> None:
    class Row(Record):
        new: int  # the names that a constructor may use itself
        cls: int
        self: int = 3
        twin: str = "d"
        item: tuple[int, ...] = ()

    first = Row(1, 2)
    rows = [Row(1, cls=2, item=()) for _ in range(300)]
    assert all(row == first and type(row) is Row and hash(row) == hash(first) and repr(row) == repr(first) for row in rows)
    assert replace(rows[-1], twin="x").twin == "x" and fields(rows[-1]) == fields(first)
    with pytest.raises(AttributeError):
        rows[-1].new = 2  # type: ignore[misc]
    for wrong in ((), (1, 2, 3, "d", (), 6)):
        with pytest.raises(TypeError):
            Row(*wrong)


def test_no_field_begins_with_an_underscore() -> None:
    with pytest.raises(TypeError):

        class Hidden(Record):
            _new: int
