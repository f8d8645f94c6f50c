// A picture that is drawn once and then copied, until something that it shows changes.

export class KeptLayer {
  constructor() {
    this.canvas = document.createElement("canvas");
    this.key = null;
  }

  /** Copy the picture into `context` at a lane's place; `draw(context)` makes it anew, in the same coordinates, when the
   *  place, the axis or anything in `shows` (compared by identity) is not what it was. */
  paint(context, axis, box, shows, draw) {
    const ratio = window.devicePixelRatio || 1;
    const key = [axis.left, axis.width, axis.start, axis.end, box.top, box.height, ratio, ...shows];
    if (!this.key || key.length !== this.key.length || key.some((part, place) => part !== this.key[place])) {
      this.key = key;
      this.canvas.width = Math.ceil(axis.width * ratio);
      this.canvas.height = Math.ceil(box.height * ratio);
      const inside = this.canvas.getContext("2d");
      inside.setTransform(ratio, 0, 0, ratio, -axis.left * ratio, -box.top * ratio);
      draw(inside);
    }
    context.drawImage(this.canvas, axis.left, box.top, this.canvas.width / ratio, this.canvas.height / ratio);
  }
}
