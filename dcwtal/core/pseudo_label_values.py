"""The three values of a ternary pseudo-label (paper, Eq. 4)."""

FOREGROUND = 1
BACKGROUND = 0
UNCERTAIN = -1
