"""What a video file may be before anything is decoded; beyond it, one clear refusal."""

LONGEST_SECONDS = 4 * 3600.0
LARGEST_SIDE = 8192
LARGEST_AREA = 8192 * 4320
MOST_FRAMES = 1_000_000

CONTAINERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,ogg,flv,asf,gif,ivf,mxf,wav,mp3,aac,flac"
"""Demuxers that may open a file. Playlists and lists of other files (hls, concat, sdp, dash, image
sequences) are absent on purpose: they make the decoder open files and addresses that the user did not name.
Sound-only ones are present so that the message can say that there is no picture."""
