"""Why a file that no demuxer accepts is not a video: told from its first bytes, in the user's words."""

from pathlib import Path

_MP4_BOXES = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"styp", b"moof")
_LISTS = (b"#EXTM3U", b"ffconcat", b"v=0", b"<?xml", b"[playlist]", b"<MPD", b"RTSPtext")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"BM", b"II*\x00", b"MM\x00*", b"<svg")


def explain_unreadable(path: Path) -> str:
    """What a refused file is, as the end of a sentence that began with its name."""
    with open(path, "rb") as stream:
        head = stream.read(512)
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"version https://git-lfs"):
        return "is a Git LFS pointer, not the video itself; fetch it with 'git lfs pull'"
    if text.startswith(_LISTS):
        return "is a playlist or a list of other files; these are not accepted, give the video file itself"
    if head.startswith(_PICTURES):
        return "is a single picture, not a video"
    if head[4:8] in _MP4_BOXES:
        return (
            "is an unfinished, truncated or damaged mp4 (its index cannot be read); "
            "copy it again or re-mux it with: ffmpeg -i IN -c copy OUT.mp4"
        )
    return "is not a video: its container was not recognised; expected mp4, mov, mkv, webm, avi or the like"
