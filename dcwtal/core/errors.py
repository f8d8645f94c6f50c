"""The error tree. Anything here is the user's to mend; any other exception is a bug.

DcwtalError
└── UserError            one message: expected, found, next step; exit code 2
    ├── SettingsError    a setting is unknown, ill-typed or contradicts another
    ├── DataError        annotations, labels, features or scores do not fit
    ├── VideoError       a video cannot be read
    ├── CheckpointError  weights are missing or belong to another model
    └── DiskError        a file could not be written
"""


class DcwtalError(Exception):
    """Root of every error this project raises on purpose."""


class UserError(DcwtalError):
    """The user can mend this. The message is complete: expected, found, next step."""


class SettingsError(UserError):
    """A setting is unknown, has the wrong type, or contradicts another one."""


class DataError(UserError):
    """Annotations, labels, features or scores are missing or do not fit together."""


class VideoError(UserError):
    """A video file is missing, unreadable, or holds nothing that can be analysed."""


class CheckpointError(UserError):
    """Weights are missing, damaged, or belong to another model or other classes."""


class DiskError(UserError):
    """A file could not be written; nothing half-written was left behind."""
