// A long list of equally high rows of which only those in view exist: thousands scroll as smoothly as ten.

const BEYOND = 4; // rows kept ready above and below the view

export class VirtualRows {
  /** @param {HTMLElement} viewport  scrolls  @param {number} height  of a row in pixels
   *  @param {() => HTMLElement} create  an empty row  @param {(node, index) => void} fill  what it says */
  constructor(viewport, { height, create, fill }) {
    Object.assign(this, { viewport, height, create, fill, count: 0, nodes: [] });
    this.space = document.createElement("div");
    this.space.style.position = "relative";
    this.space.setAttribute("role", "presentation");
    viewport.append(this.space);
    viewport.addEventListener("scroll", () => this.place(), { passive: true });
    new ResizeObserver(() => this.place()).observe(viewport);
  }

  /** So many rows, all with something new to say. */
  refresh(count = this.count) {
    this.count = count;
    this.space.style.height = `${count * this.height}px`;
    for (const node of this.nodes) node.index = -1;
    this.place();
  }

  place() {
    const inView = Math.ceil(this.viewport.clientHeight / this.height);
    const size = Math.min(this.count, inView + 2 * BEYOND);
    const top = Math.floor(this.viewport.scrollTop / this.height) - BEYOND;
    const first = Math.max(0, Math.min(this.count - size, top));
    while (this.nodes.length < size) this.add();
    for (const node of this.nodes.splice(size)) node.remove();
    for (let index = first; index < first + size; index++) {
      const node = this.nodes[index % size]; // a row that stays in view keeps its node
      if (node.index === index) continue;
      node.index = index;
      node.style.transform = `translateY(${index * this.height}px)`;
      this.fill(node, index);
    }
  }

  add() {
    const node = this.create();
    Object.assign(node.style, { position: "absolute", top: 0, left: 0, right: 0, height: `${this.height}px` });
    for (const other of this.nodes) other.index = -1; // another number of nodes: all places move
    node.index = -1;
    this.nodes.push(node);
    this.space.append(node);
  }

  /** The node that shows a row, if it is in view. */
  nodeOf(index) {
    return this.nodes.find((node) => node.index === index) || null;
  }

  /** Scroll as little as it takes to see a row. */
  reveal(index) {
    const { viewport, height } = this;
    const bottom = (index + 1) * height - viewport.clientHeight;
    viewport.scrollTop = Math.max(bottom, Math.min(viewport.scrollTop, index * height));
    this.place();
  }

  /** How many whole rows are in view. */
  get page() {
    return Math.max(1, Math.floor(this.viewport.clientHeight / this.height));
  }
}
