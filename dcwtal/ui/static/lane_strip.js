// The film strip: pictures side by side, each with the time at which it is presented.

import { clockText } from "./time_axis.js";

const HEIGHT = 52;
const PLATE = 13; // pixels of the ground under a picture's time

export const stripLane = {
  id: "strip",
  name: "film strip",
  needs: "no video file",
  title: () => "film strip",
  height: ({ data }) => (data.hasVideo ? HEIGHT : 20),
  draw(context, box, scene) {
    const { axis, strip, palette } = scene;
    const note = strip?.note ?? "";
    if (note || !strip) {
      context.fillStyle = palette.muted;
      context.fillText(note, axis.left + 6, box.top + box.height / 2);
      return;
    }
    for (const cell of strip.cells(axis, box.height)) drawCell(context, box, axis, cell, palette);
  },
};

function drawCell(context, box, axis, { start, end, picture }, palette) {
  const left = Math.round(axis.toPixel(start)) + 0.5;
  const width = Math.round(axis.toPixel(end)) - left - 0.5;
  context.fillStyle = palette.grid;
  if (!picture) {
    context.globalAlpha = 0.6;
    context.fillRect(left, box.top, width, box.height);
    context.globalAlpha = 1;
    return;
  }
  const { image, time } = picture;
  // The picture fills its cell; what hangs over is cut off evenly.
  const scale = Math.max(width / image.naturalWidth, box.height / image.naturalHeight);
  const [wide, high] = [width / scale, box.height / scale];
  const from = [(image.naturalWidth - wide) / 2, (image.naturalHeight - high) / 2];
  context.drawImage(image, ...from, wide, high, left, box.top, width, box.height);
  drawTime(context, left, box.top + box.height - PLATE, width, clockText(time, 1), palette);
}

function drawTime(context, left, top, room, text, palette) {
  const width = context.measureText(text).width + 6;
  if (width > room) return;
  context.fillStyle = palette.surface;
  context.globalAlpha = 0.85;
  context.fillRect(left, top, width, PLATE);
  context.globalAlpha = 1;
  context.fillStyle = palette.ink;
  context.fillText(text, left + 3, top + PLATE / 2 + 0.5);
}
