"""Standardizing features, compared with numpy."""

import numpy as np
import pytest
import torch

from dcwtal.models.standardize import Standardize


def test_it_starts_as_the_identity():
    features = torch.randn(2, 5, 3)
    assert torch.equal(Standardize(3)(features), features)


def test_fit_is_numpys_mean_and_deviation_over_rows():
    rows = np.random.default_rng(0).normal(3, [1, 10, 0.1, 5], (200, 4)).astype(np.float32)
    standardize = Standardize(4)
    standardize.fit(torch.from_numpy(rows))
    expected = (rows - rows.mean(0)) / rows.std(0, ddof=1)
    np.testing.assert_allclose(standardize(torch.from_numpy(rows)).numpy(), expected, atol=1e-4)
    batch = torch.from_numpy(rows).reshape(10, 20, 4)
    np.testing.assert_allclose(standardize(batch).numpy(), expected.reshape(10, 20, 4), atol=1e-4)


@pytest.mark.filterwarnings("error")
def test_constant_columns_and_a_single_row_stay_finite():
    standardize = Standardize(2)
    standardize.fit(torch.tensor([[5.0, 1.0], [5.0, 3.0]]))
    assert standardize(torch.tensor([[6.0, 2.0]])).tolist() == [[1.0, 0.0]]
    standardize.fit(torch.tensor([[5.0, 1.0]]))
    assert standardize(torch.tensor([[6.0, 1.5]])).tolist() == [[1.0, 0.5]]


def test_statistics_travel_with_the_weights_and_are_not_trained():
    standardize, other = Standardize(3), Standardize(3)
    standardize.fit(torch.randn(50, 3) * 7 + 2)
    other.load_state_dict(standardize.state_dict())
    features = torch.randn(4, 3)
    assert torch.equal(other(features), standardize(features))
    assert list(standardize.parameters()) == []
