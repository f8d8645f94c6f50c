/** A value that is worked out again only when something it comes from is another object or number than before. */
export class KeptValue {
  of(parts, make) {
    if (!this.parts || this.parts.length !== parts.length || parts.some((part, place) => part !== this.parts[place])) {
      this.parts = parts;
      this.value = make();
    }
    return this.value;
  }
}
