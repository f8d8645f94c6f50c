// A curve in the space of a word: CBP and VLP of one class over a whole video.

const FULL = 255;

/** @param {HTMLCanvasElement} canvas  @param {{cbp: number[], vlp: number[]}|null} spark  values 0..255  @param {object} palette */
export function drawSparkline(canvas, spark, palette, { width, height }) {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio); // clears, too
  canvas.height = Math.round(height * ratio);
  if (!spark) return;
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  context.lineWidth = 1.25;
  for (const branch of ["vlp", "cbp"]) {
    const values = spark[branch];
    context.strokeStyle = palette[branch];
    context.beginPath();
    values.forEach((value, i) => context.lineTo(1 + (i / Math.max(1, values.length - 1)) * (width - 2), height - 1.5 - (value / FULL) * (height - 3)));
    context.stroke();
  }
}
