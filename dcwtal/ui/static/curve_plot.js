// The curves, drawn by Plotly. It only draws: zoom, pan and reading values are ours, so Plotly is static and is
// never asked to do anything per frame.

import { GUTTER, RIGHT } from "./track_stack.js";

const PAD = 7; // pixels above and below the curves' box, for thick lines and tick labels
const WIDTH = { cbp: 1.75, vlp: 1.75, fused: 2.25 };

/** Load Plotly's script. Our own copy is kept at once: another component may put another version into `window`. */
export function loadPlotly(url) {
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: url, async: true });
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => reject(new Error("the curves' script did not load; reload the page"));
    document.head.append(script);
  });
}

export class CurvePlot {
  /** @param {HTMLElement} element  @param {Promise} plotly  the script is large: all else is drawn before it is there */
  constructor(element, plotly) {
    this.element = element;
    this.plotly = plotly;
    this.moving = 0;
  }

  /** Draw a scene from scratch: new curves, new size or new colours. */
  async draw(scene, box) {
    this.element.style.top = `${box.top - PAD}px`;
    this.element.style.height = `${box.height + 2 * PAD}px`;
    const config = { staticPlot: true, displayModeBar: false, responsive: false };
    const Plotly = await this.plotly;
    await Plotly.react(this.element, traces(scene), this.layout(scene, box), config);
  }

  layout(scene, box) {
    const { palette, axis, rules } = scene;
    const line = (y, color) => ({
      type: "line", xref: "paper", x0: 0, x1: 1, y0: y, y1: y, line: { color, width: 1, dash: "dash" },
    });
    return {
      width: axis.left + axis.width + RIGHT,
      height: box.height + 2 * PAD,
      margin: { l: GUTTER, r: RIGHT, t: PAD, b: PAD, pad: 0 },
      showlegend: false,
      hovermode: false,
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { color: palette.muted, family: "system-ui, sans-serif", size: 11 },
      xaxis: { range: [axis.start, axis.end], showgrid: false, zeroline: false, showticklabels: false, fixedrange: true },
      yaxis: {
        range: [-0.015, 1.015], tickvals: [0, rules.low, rules.high, 0.5, 1], ticktext: ["0", `δl ${rules.low}`, `δh ${rules.high}`, "0.5", "1"],
        gridcolor: palette.grid, zeroline: false, fixedrange: true, ticks: "",
      },
      shapes: [line(rules.high, palette.high), line(rules.low, palette.low)],
    };
  }

  /** Follow the axis after a zoom or a pan; many calls in one frame become one. */
  follow(axis) {
    this.range = [axis.start, axis.end];
    if (this.moving) return;
    this.moving = requestAnimationFrame(async () => {
      this.moving = 0;
      const Plotly = await this.plotly;
      if (this.element.data) Plotly.relayout(this.element, { "xaxis.range": [...this.range] });
    });
  }
}

function traces(scene) {
  const { scores, curves, ghosts, palette, view } = scene;
  const centres = Float64Array.from({ length: scores.count }, (_, i) => scores.edge(i + 0.5));
  const one = (branch, values, style) => ({
    type: "scatter", mode: "lines", x: centres, y: values, name: branch, hoverinfo: "skip",
    line: { color: palette[branch], width: WIDTH[branch], shape: "linear", ...style },
  });
  const shown = view.curves.filter((name) => curves[name]);
  const faint = shown.filter((name) => ghosts[name]).map((name) => one(name, ghosts[name], { width: 1.25, dash: "dot" }));
  const solid = shown.map((name) => one(name, curves[name], {}));
  // An axis without any trace would be dropped.
  const anchor = { type: "scatter", mode: "markers", x: [0], y: [0], marker: { opacity: 0 }, hoverinfo: "skip" };
  return [anchor, ...faint, ...solid];
}
