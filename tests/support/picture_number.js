// Which frame a <video> is showing, read from the blocks that frame_number_clip.py drew.
(video) => {
  const canvas = (window.pictureCanvas ||= Object.assign(document.createElement("canvas"), { width: 320, height: 240 }));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(video, 0, 0, 320, 240);
  const row = context.getImageData(0, 10, 320, 1).data;
  let number = 0;
  for (let bit = 0; bit < 12; bit++) if (row[4 * (50 + 20 * bit)] > 128) number |= 1 << bit;
  return number;
}
