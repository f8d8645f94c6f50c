"""Which steps follow the warm-up, for each strategy, as a table."""

import pytest

from dcwtal.training.schedule import anchored, schedule
from dcwtal.training.settings import Strategy, TrainSettings

STEPS = {"warmup_steps": 30, "b_steps": 10, "f_steps": 20}
TABLE = {
    "warmup-only": [],
    "only-B": [("B", 10, "B1", False), ("B", 10, "B2", False)],
    "only-F": [("F", 20, "F1", True), ("F", 20, "F2", True)],
    "only-F-anchored": [("F", 20, "F1", True), ("F", 20, "F2", True)],
    "alternate": [
        ("B", 10, "B1", False),
        ("F", 20, "F1", False),
        ("B", 10, "B2", False),
        ("F", 20, "F2", False),
    ],
    "self-training": [("self", 20, "S1", False), ("self", 20, "S2", False)],
}


@pytest.mark.parametrize("strategy", sorted(TABLE))
def test_the_phases_of_each_strategy(strategy):
    phases = schedule(TrainSettings(strategy=strategy, rounds=2, **STEPS))
    found = [(phase.kind, phase.steps, phase.stage, phase.from_vanilla) for phase in phases]
    assert found == [("warmup", 30, "warmup", False), *TABLE[strategy]]


def test_the_table_names_every_strategy():
    assert set(TABLE) == set(Strategy.__args__)


def test_strategies_spend_the_same_steps_on_the_branch_they_train():
    def steps(strategy, kinds):
        phases = schedule(TrainSettings(strategy=strategy, rounds=5, **STEPS))
        return sum(phase.steps for phase in phases if phase.kind in kinds)

    assert steps("alternate", ["B"]) == steps("only-B", ["B"]) == 50
    for strategy in ("alternate", "only-F", "only-F-anchored", "self-training"):
        assert steps(strategy, ["F", "self"]) == 100


@pytest.mark.parametrize("strategy", sorted(TABLE))
def test_only_the_papers_own_row_goes_without_the_anchor(strategy):
    assert anchored(TrainSettings(strategy=strategy)) == (strategy != "only-F")


def test_stage_names_are_distinct():
    for strategy in TABLE:
        stages = [phase.stage for phase in schedule(TrainSettings(strategy=strategy, rounds=12))]
        assert len(set(stages)) == len(stages)
