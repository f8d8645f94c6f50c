"""Draws a body: back limbs, torso and head, front limbs; each with a darker rim so that limbs stay apart."""

import numpy as np

from dcwtal.world.canvas import Canvas, Color, shade
from dcwtal.world.skeleton import Joint
from dcwtal.world.style import Style

RIM = 1.6  # how much wider the dark rim is than the limb
FAR_SIDE = 0.74  # limbs on the far side are in shade


class Athlete:
    """One athlete's colors; swimmers wear trunks only."""

    def __init__(self, style: Style, *, bare: bool = False, frontal: bool = False) -> None:
        self.skin, self.hair, self.shorts = style.skin, style.hair, style.shorts
        self.shirt = style.skin if bare else style.shirt
        self.shoe = style.skin if bare else style.shoe
        self.bare, self.frontal = bare, frontal

    def draw_behind(self, canvas: Canvas, body: np.ndarray, facing: float) -> None:
        """All but the front arm; `body` (14, 2) world places. Props come next, then `draw_front_arm`."""
        far = 1.0 if self.frontal else FAR_SIDE
        self._arm(canvas, body, Joint.BACK_ELBOW, Joint.BACK_HAND, far)
        self._leg(canvas, body, Joint.BACK_KNEE, Joint.BACK_ANKLE, Joint.BACK_TOE, far)
        self._torso(canvas, body)
        self._leg(canvas, body, Joint.FRONT_KNEE, Joint.FRONT_ANKLE, Joint.FRONT_TOE, 1.0)
        self._head(canvas, body, facing)

    def draw_front_arm(self, canvas: Canvas, body: np.ndarray) -> None:
        self._arm(canvas, body, Joint.FRONT_ELBOW, Joint.FRONT_HAND, 1.0)

    def _arm(self, canvas: Canvas, body: np.ndarray, elbow: Joint, hand: Joint, light: float) -> None:
        _limb(canvas, body[elbow], body[hand], 5.2, shade(self.skin, light))
        _limb(canvas, body[Joint.SHOULDER], body[elbow], 6.4, shade(self.shirt, light))
        canvas.disc(body[hand], 3.1, shade(self.skin, light))

    def _leg(
        self, canvas: Canvas, body: np.ndarray, knee: Joint, ankle: Joint, toe: Joint, light: float
    ) -> None:
        _limb(canvas, body[ankle], body[toe], 5.2, shade(self.shoe, light))
        _limb(canvas, body[knee], body[ankle], 6.6, shade(self.skin, light))
        thigh_end = body[Joint.PELVIS] + 0.72 * (body[knee] - body[Joint.PELVIS])
        _limb(canvas, body[Joint.PELVIS], body[knee], 7.4, shade(self.skin, light))
        _limb(canvas, body[Joint.PELVIS], thigh_end, 9.0, shade(self.shorts, light))

    def _torso(self, canvas: Canvas, body: np.ndarray) -> None:
        pelvis, neck = body[Joint.PELVIS], body[Joint.NECK]
        spine = neck - pelvis
        waist, chest = pelvis + 0.1 * spine, pelvis + 0.84 * spine
        across = np.array([-spine[1], spine[0]]) / (np.hypot(*spine) + 1e-6)
        canvas.line(neck, body[Joint.HEAD], 5, shade(self.skin, 0.9))
        canvas.line(waist, chest, 13.4 + RIM, shade(self.shirt, 0.62))
        canvas.line(waist, chest, 13.4, self.shirt)
        canvas.line(waist - 3.2 * across, chest - 3.2 * across, 4.5, shade(self.shirt, 1.12))
        canvas.line(pelvis, pelvis + 0.14 * spine, 13.2, self.shorts)
        if not self.bare:  # the bib
            canvas.line(pelvis + 0.5 * spine, pelvis + 0.66 * spine, 6.4, (244, 244, 240))
            canvas.line(pelvis + 0.54 * spine, pelvis + 0.62 * spine, 2.2, (60, 60, 70))

    def _head(self, canvas: Canvas, body: np.ndarray, facing: float) -> None:
        head = body[Joint.HEAD]
        up = head - body[Joint.NECK]
        up = up / (np.hypot(*up) + 1e-6)
        forward = np.array([-up[1], up[0]]) * (0.0 if self.frontal else facing)
        canvas.disc(head, 8.6 + RIM / 2, shade(self.skin, 0.7))
        canvas.disc(head, 8.6, self.skin)
        tilt = float(np.degrees(np.arctan2(up[1], up[0])))
        crown = head + 1.8 * up - 1.6 * forward
        canvas.ellipse(crown, (8.9, 8.4), self.hair, angle=tilt, arc=(-95, 95))
        if self.frontal:
            side = np.array([-up[1], up[0]])
            for eye in (-3.0, 3.0):
                canvas.disc(head - 1.0 * up + eye * side, 1.1, (38, 30, 30))
        else:
            canvas.disc(head - 8.0 * up * 0.06 + 8.6 * forward, 1.7, self.skin)  # nose
            canvas.disc(head + 4.6 * forward, 1.1, (38, 30, 30))


def _limb(canvas: Canvas, start: np.ndarray, end: np.ndarray, width: float, color: Color) -> None:
    canvas.line(start, end, width + RIM, shade(color, 0.66))
    canvas.line(start, end, width, color)
