// The table of all videos: where things go wrong, found by sorting and filtering. It covers the tracks while it is open.

import { KIND_WORDS } from "./detection_facts.js";
import { button, make } from "./dom.js";
import { readPalette, watchTheme } from "./palette.js";
import { drawSparkline } from "./sparkline.js";
import { TableRows } from "./table_rows.js";
import { ANY_ERROR, arranged, COLUMNS, MISSED } from "./video_columns.js";
import { VirtualRows } from "./virtual_rows.js";

const SHEET = "videos";
const ROW_HEIGHT = 26;
const ROOMY = 890; // pixels of the sheet from which all columns have their place
const SPARK = { width: 96, height: 20 };
const WORST_FIRST = { ap: false, foreground_iou: false, background_iou: false, confident_share: false };

export class VideoTable {
  constructor(root, room) {
    Object.assign(this, { root, room, rows: [], active: 0, sort: { id: "", down: false }, filter: { text: "", label: "", subset: "", kind: "" } });
    this.numbers = new TableRows(room.session, () => this.later());
    this.build();
    room.session.listen((changed) => this.follow(changed));
    watchTheme(() => this.open && this.list.refresh());
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.open || event.defaultPrevented || document.querySelector("dialog[open]")) return;
      event.preventDefault(); // one thing at a time: keyboard.js is not to drop the selection too
      this.close();
    }, { signal: room.signal });
  }

  get open() {
    return !this.root.hidden;
  }

  build() {
    this.count = make("span", "vt-count", "", { role: "status", id: "table-count" });
    const tools = make("div", "vt-tools");
    tools.append(make("h2", "", "Videos"), ...this.filters(), this.count);
    tools.append(button("×", () => this.close(), { id: "table-close", class: "vt-close", "aria-label": "close the table", title: "close (Esc)" }));
    this.grid = make("div", "vt-grid", "", { id: "video-table", role: "grid", tabindex: 0, "aria-label": "videos: arrow keys choose, Enter opens" });
    this.head = make("div", "vt-head", "", { role: "row" });
    for (const column of COLUMNS) this.head.append(this.headCell(column));
    this.viewport = make("div", "vt-rows", "", { role: "rowgroup" });
    this.grid.append(this.head, this.viewport);
    this.list = new VirtualRows(this.viewport, { height: ROW_HEIGHT, create: () => this.rowNode(), fill: (node, index) => this.fillRow(node, index) });
    this.grid.addEventListener("keydown", (event) => this.onKey(event));
    new ResizeObserver(() => this.root.classList.toggle("vt-narrow", this.root.clientWidth < ROOMY)).observe(this.root);
    this.root.append(tools, this.grid);
    this.root.setAttribute("aria-label", "videos");
    this.root.setAttribute("role", "region");
  }

  filters() {
    this.text = make("input", "", "", { type: "search", id: "table-text", placeholder: "name or label", "aria-label": "filter by name or label" });
    this.text.addEventListener("input", () => this.choose({ text: this.text.value.trim() }));
    const list = (name, label) => {
      const input = make("select", "", "", { id: `table-${name}`, "aria-label": label });
      input.addEventListener("change", () => this.choose({ [name]: input.value }));
      return input;
    };
    this.labels = list("label", "label");
    this.subsets = list("subset", "subset");
    this.kinds = list("kind", "kind of error");
    const kinds = Object.entries(KIND_WORDS).filter(([kind]) => kind !== "true positive");
    fillSelect(this.kinds, "with or without errors", [[ANY_ERROR, "any error"], [MISSED, "missed instances"], ...kinds.map(([kind, [word]]) => [kind, word])]);
    return [this.text, this.labels, this.subsets, this.kinds];
  }

  headCell({ id, title, help, width, isNumber, narrow }) {
    const cell = make("div", cellClass({ isNumber, narrow, id }), "", { role: "columnheader", "aria-sort": "none", "data-column": id });
    cell.style.flexBasis = width ? `${width}px` : "";
    cell.append(button(title, () => this.sortBy(id), { title: help }));
    return cell;
  }

  follow(changed) {
    const { session } = this.room;
    const wanted = session.view.sheet === SHEET && Boolean(session.data);
    if (wanted !== this.open) this.toggle(wanted);
    if (!wanted) return;
    if (changed.has("run")) this.fillFilters();
    this.numbers.follow();
    this.arrange();
  }

  toggle(open) {
    const hadFocus = this.root.contains(document.activeElement);
    this.root.hidden = !open;
    for (const other of this.root.parentElement.children) if (other !== this.root) other.inert = open; // they lie below
    if (open) {
      this.fillFilters();
      this.arrange();
      this.active = Math.max(0, this.rows.findIndex(({ id }) => id === this.room.session.view.video));
      this.list.reveal(this.active);
      this.grid.focus({ preventScroll: true });
      this.root.scrollIntoView({ block: "nearest" });
    } else {
      this.numbers.stop();
      if (hadFocus) this.room.root.querySelector("#video")?.focus({ preventScroll: true });
    }
  }

  close() {
    this.room.session.change({ sheet: "" });
  }

  fillFilters() {
    const { videos } = this.room.session;
    const own = (of) => [...new Set(videos.flatMap(of))].filter(Boolean).sort().map((name) => [name, name]);
    fillSelect(this.labels, "all labels", own(({ labels }) => labels), this.filter.label);
    fillSelect(this.subsets, "all subsets", own(({ subset }) => subset), this.filter.subset);
    Object.assign(this.filter, { label: this.labels.value, subset: this.subsets.value });
  }

  choose(changes) {
    Object.assign(this.filter, changes);
    this.active = 0;
    this.arrange();
    this.viewport.scrollTop = 0;
  }

  /** First click: the worst on top. Then the other way round, then the list's own order. */
  sortBy(id) {
    const first = !(id in WORST_FIRST) && COLUMNS.find((column) => column.id === id).isNumber === true;
    const { sort } = this;
    this.sort = sort.id !== id ? { id, down: first } : sort.down === first ? { id, down: !first } : { id: "", down: false };
    this.choose({});
  }

  /** Rows come in chunks: arrange them once a frame. */
  later() {
    this.pending ??= requestAnimationFrame(() => {
      this.pending = null;
      if (this.open) this.arrange();
    });
  }

  arrange() {
    const { session } = this.room;
    const chosen = this.rows[this.active]?.id;
    const all = this.merged();
    this.rows = arranged(all, this.filter, this.sort);
    session.order = this.rows.map(({ id }) => id);
    const place = this.rows.findIndex(({ id }) => id === chosen);
    this.active = Math.max(0, place >= 0 ? place : Math.min(this.active, this.rows.length - 1));
    this.palette = readPalette(this.room.root);
    this.list.refresh(this.rows.length);
    this.head.style.paddingRight = `${this.viewport.offsetWidth - this.viewport.clientWidth}px`; // its scroll bar
    this.grid.setAttribute("aria-rowcount", String(this.rows.length + 1));
    this.mark();
    this.count.textContent = this.countText(all.length);
    this.count.title = this.numbers.problem;
    for (const cell of this.head.children) {
      const sorted = cell.dataset.column === this.sort.id;
      cell.setAttribute("aria-sort", sorted ? (this.sort.down ? "descending" : "ascending") : "none");
    }
  }

  /** The list with the numbers; made anew only when one of them is new: sorting 5,000 must be quick. */
  merged() {
    const { videos } = this.room.session;
    const { byId, version } = this.numbers;
    if (this.all && this.mergedOf === videos && this.mergedAt === version) return this.all;
    Object.assign(this, { mergedOf: videos, mergedAt: version });
    this.all = videos.map((video) => ({ ...video, ...byId.get(video.id), title: video.title }));
    return this.all;
  }

  countText(total) {
    const { numbers } = this;
    const many = this.rows.length === total ? `${total.toLocaleString("en")} videos` : `${this.rows.length.toLocaleString("en")} of ${total.toLocaleString("en")} videos`;
    if (numbers.problem) return `${many} · no numbers: ${numbers.problem}`;
    if (numbers.complete) return many;
    return `${many} · ${numbers.reading || (numbers.total ? `numbers of ${numbers.done.toLocaleString("en")} of ${numbers.total.toLocaleString("en")}` : "working out the numbers")}…`;
  }

  rowNode() {
    const node = make("div", "vt-row", "", { role: "row" });
    for (const { id, width, isNumber, narrow } of COLUMNS) {
      const cell = make("div", cellClass({ isNumber, narrow, id }), "", { role: "gridcell" });
      cell.style.flexBasis = width ? `${width}px` : "";
      if (id === "spark") cell.append(make("canvas", "", "", { "aria-hidden": "true" }));
      node.append(cell);
    }
    node.addEventListener("click", () => this.openRow(node.index));
    return node;
  }

  fillRow(node, index) {
    const row = this.rows[index];
    node.id = `vt-row-${index}`;
    node.dataset.video = row.id;
    node.setAttribute("aria-rowindex", String(index + 2));
    node.classList.toggle("vt-old", Boolean(row.old));
    this.markRow(node);
    COLUMNS.forEach(({ id, value, text }, place) => {
      const cell = node.children[place];
      if (id === "spark") {
        cell.title = row.spark?.label ?? "";
        return drawSparkline(cell.firstChild, row.spark, this.palette, SPARK);
      }
      const found = value(row, this.filter.kind);
      cell.textContent = found === null || found === undefined ? "–" : text(found);
      if (id === "title" || id === "labels") cell.title = cell.textContent;
      return null;
    });
  }

  markRow(node) {
    const shown = node.dataset.video === this.room.session.view.video;
    node.setAttribute("aria-selected", String(node.index === this.active));
    if (shown) node.setAttribute("aria-current", "true");
    else node.removeAttribute("aria-current");
  }

  mark() {
    for (const node of this.list.nodes) this.markRow(node);
    const here = this.list.nodeOf(this.active);
    if (here) this.grid.setAttribute("aria-activedescendant", here.id);
    else this.grid.removeAttribute("aria-activedescendant");
  }

  onKey(event) {
    const { page } = this.list;
    const move = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity }[event.key];
    if (event.target !== this.grid && !move) return; // a header's own Enter sorts
    if (event.key === "Enter") this.openRow(this.active);
    else if (move) this.go(Math.max(0, Math.min(this.rows.length - 1, this.active + move)));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  go(index) {
    this.active = index;
    this.list.reveal(index);
    this.mark();
  }

  openRow(index) {
    const row = this.rows[index];
    if (row) this.room.session.openVideo(row.id);
  }

  /** For tests and scripts. */
  state() {
    const { done, total, complete } = this.numbers;
    return { open: this.open, count: this.rows.length, first: this.rows.slice(0, 20).map(({ id }) => id), active: this.rows[this.active]?.id, sort: this.sort, done, total, complete };
  }
}

function cellClass({ isNumber, narrow, id }) {
  return ["vt-cell", `vt-${id}`, isNumber && "vt-number", !narrow && "vt-wide"].filter(Boolean).join(" ");
}

function fillSelect(list, every, choices, value = "") {
  list.replaceChildren(make("option", "", every, { value: "" }), ...choices.map(([own, title]) => make("option", "", title, { value: own })));
  list.value = choices.some(([own]) => own === value) ? value : "";
}
