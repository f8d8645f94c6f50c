"""A blob gives back exactly what went in, and every array starts where a typed array of its kind may start."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from dcwtal.views.binary_blob import pack_blob, unpack_blob

ARRAYS = st.dictionaries(
    st.text(min_size=1, max_size=8),
    st.sampled_from(["float32", "float64", "int8"]).flatmap(
        lambda dtype: arrays_of.arrays(
            dtype, arrays_of.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=5)
        )
    ),
    max_size=4,
)


@given(header=st.dictionaries(st.text(max_size=6), st.text(max_size=12)), arrays=ARRAYS)
def test_what_went_in_comes_out(header, arrays):
    header.pop("arrays", None)
    found_header, found = unpack_blob(pack_blob(header, arrays))
    listing = found_header.pop("arrays")
    assert found_header == header
    assert [entry["name"] for entry in listing] == list(arrays)
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)


@given(text=st.text(max_size=30))
def test_arrays_begin_on_multiples_of_eight(text):
    blob = pack_blob({"text": text}, {"a": np.zeros(3, np.int8), "b": np.arange(2, dtype=np.float64)})
    length = int.from_bytes(blob[:4], "little")
    assert (4 + length) % 8 == 0
    for entry in json.loads(blob[4 : 4 + length])["arrays"]:
        assert entry["offset"] % 8 == 0


def test_other_kinds_of_numbers_are_refused():
    with pytest.raises(TypeError, match=r"'a'.*int64"):
        pack_blob({}, {"a": np.arange(3)})


def test_numbers_that_json_does_not_know_are_refused():
    with pytest.raises(ValueError):
        pack_blob({"x": float("nan")}, {})
