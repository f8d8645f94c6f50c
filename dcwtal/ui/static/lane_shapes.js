// The few shapes that lanes are drawn with.

/** A bar over a stretch of time; invisible ones are skipped, short ones stay at least 2 pixels wide. */
export function bar(context, axis, { start, end, top, height, fill, stroke, dash, alpha = 1 }) {
  const x = axis.toPixel(start);
  const width = Math.max(2, axis.toPixel(end) - x);
  if (x + width < axis.left || x > axis.left + axis.width) return null;
  context.globalAlpha = alpha;
  if (fill) {
    context.fillStyle = fill;
    context.fillRect(x, top, width, height);
  }
  if (stroke) {
    context.strokeStyle = stroke;
    context.lineWidth = 1.5;
    context.setLineDash(dash || []);
    context.strokeRect(x + 0.75, top + 0.75, Math.max(1, width - 1.5), height - 1.5);
    context.setLineDash([]);
  }
  context.globalAlpha = 1;
  return { x, width };
}

/** Diagonal stripes inside a box: "wrong" or "not found", told without colour. */
export function stripes(context, { x, width }, top, height, color) {
  context.save();
  context.beginPath();
  context.rect(x, top, width, height);
  context.clip();
  context.strokeStyle = color;
  context.lineWidth = 1.25;
  context.beginPath();
  for (let left = x - height; left < x + width; left += 6) {
    context.moveTo(left, top + height);
    context.lineTo(left + height, top);
  }
  context.stroke();
  context.restore();
}

/** Text inside a box, kept in view when the box is cut by the left edge; left out when it does not fit. */
export function label(context, axis, box, middle, text, color) {
  const left = Math.max(box.x, axis.left) + 5;
  const room = Math.min(box.x + box.width, axis.left + axis.width) - left - 3;
  if (context.measureText(text).width > room) return false;
  context.fillStyle = color;
  context.fillText(text, left, middle);
  return true;
}

/** A ring around what is selected. */
export function ringed(context, { x, width }, { top, height }, color) {
  context.strokeStyle = color;
  context.lineWidth = 2;
  context.strokeRect(x - 1, top - 1, width + 2, height + 2);
}

/** A plain ground for text on stripes. */
export function plate(context, axis, place, { top, height }, text, palette) {
  const left = Math.max(place.x, axis.left) + 2;
  const width = context.measureText(text).width + 6;
  if (width > place.x + place.width - left - 1) return;
  context.fillStyle = palette.surface;
  context.fillRect(left, top + 2, width, height - 4);
}
