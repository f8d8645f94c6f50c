"""dcwtal: weakly-supervised temporal action localization with two branches that teach each other."""

__version__ = "0.1.0"
