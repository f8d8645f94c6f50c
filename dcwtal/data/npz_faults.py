"""What numpy and zipfile raise for a damaged npz file: more kinds than one would think of."""

import tokenize
import zipfile
import zlib

# Flipped bytes in a compressed member give zlib.error; in its header RuntimeError (encryption, compression method
# or version unknown; NotImplementedError is one of them); in numbers of a grid OverflowError; in the text that
# describes an array tokenize.TokenError or SyntaxError.
NPZ_FAULTS = (
    KeyError,
    ValueError,
    EOFError,
    OSError,
    RuntimeError,
    OverflowError,
    SyntaxError,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)
