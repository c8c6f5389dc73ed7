"use strict";
(() => {
  const told = JSON.parse(document.getElementById("told").textContent);
  const $ = (id) => document.getElementById(id);
  const SVG = "http://www.w3.org/2000/svg";
  const make = (name, attributes, parent, space) => {
    const element = space ? document.createElementNS(space, name) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (parent) parent.append(element);
    return element;
  };

  // Light or dark: the system's choice until somebody presses the button.
  const dark = () => getComputedStyle(document.documentElement).colorScheme === "dark"
    || (getComputedStyle(document.documentElement).colorScheme !== "light"
      && matchMedia("(prefers-color-scheme: dark)").matches);
  $("theme").addEventListener("click", () => {
    document.documentElement.style.colorScheme = dark() ? "light" : "dark";
  });
  $("theme").hidden = false;

  const samples = told.samples;
  if (!samples.length) return;
  const present = (name) => samples.some((sample) => sample.layers.some((layer) => layer.name === name));
  const overlays = told.overlays.filter((name) => name === "boxes" || present(name));
  const sets = told.sets.filter((set) => samples.some((s) => s.people.some((p) => set.name in p.points)));
  const state = { sample: 0, on: new Set(overlays.includes("body") ? ["body"] : []), set: sets.length ? sets[0].name : "none", strength: 55 };

  // #sample=KEY&show=body,boxes&points=coco_17&strength=60: a view that can be sent to somebody.
  const fromHash = () => {
    const asked = new URLSearchParams(location.hash.slice(1));
    if (!asked.has("sample")) return false;
    const index = samples.findIndex((sample) => sample.key === asked.get("sample"));
    if (index >= 0) state.sample = index;
    if (asked.has("show")) state.on = new Set(asked.get("show").split(",").filter((name) => overlays.includes(name)));
    const set = asked.get("points");
    if (set === "none" || sets.some((known) => known.name === set)) state.set = set;
    const strength = Number.parseInt(asked.get("strength"), 10);
    if (strength >= 0 && strength <= 100) state.strength = strength;
    return true;
  };
  const toHash = () => {
    const hash = new URLSearchParams({ sample: samples[state.sample].key, show: [...state.on].join(","), points: state.set, strength: state.strength });
    history.replaceState(null, "", `#${hash.toString().replaceAll("%2C", ",")}`);
  };

  const drawPoints = (svg, sample, unit) => {
    const set = sets.find((known) => known.name === state.set);
    if (!set) return;
    for (const person of sample.people) {
      const values = person.points[set.name];
      if (!values) continue;
      const at = (k) => ({ x: values[3 * k], y: values[3 * k + 1], cause: values[3 * k + 2] });
      const inside = (p) => p.cause < told.outside;
      const small = set.points.length > 40 ? 0.55 : 1;
      for (const [a, b] of set.limbs) {
        const [p, q] = [at(a), at(b)];
        if (!inside(p) || !inside(q)) continue;
        const ends = { x1: p.x, y1: p.y, x2: q.x, y2: q.y, "stroke-linecap": "round" };
        make("line", { ...ends, stroke: "#000a", "stroke-width": 3.4 * unit * small }, svg, SVG);
        make("line", { ...ends, stroke: "#fffd", "stroke-width": 1.5 * unit * small }, svg, SVG);
      }
      set.points.forEach((name, k) => {
        const p = at(k);
        if (!inside(p)) return;
        const color = told.causes[p.cause].color;
        const dot = make("circle", {
          cx: p.x, cy: p.y, r: 4 * unit * small, "stroke-width": 1.6 * unit * small, class: "point",
          fill: p.cause === 0 ? color : "#000b", stroke: p.cause === 0 ? "#000b" : color,
        }, svg, SVG);
        make("title", {}, dot, SVG).textContent = `${name}: ${told.causes[p.cause].name}`;
      });
    }
  };
  const drawBoxes = (svg, sample, unit) => {
    for (const person of sample.people) {
      const rect = (box, dashes) => {
        const [x, y, width, height] = box;
        make("rect", { x, y, width, height, fill: "none", stroke: person.color, "stroke-width": 2 * unit,
          "stroke-dasharray": dashes ? `${5 * unit} ${4 * unit}` : "none", class: "box" }, svg, SVG);
      };
      rect(person.box, false);
      if (person.whole.length) rect(person.whole, true);
      if (person.role === "spectator") continue;
      const label = make("text", { x: person.box[0] + 3 * unit, y: Math.max(person.box[1] - 5 * unit, 13 * unit),
        fill: "#fff", stroke: "#000c", "stroke-width": 3 * unit, "paint-order": "stroke", "font-size": 12 * unit }, svg, SVG);
      label.textContent = `${person.role} ${person.instance}`;
    }
  };

  const draw = () => {
    const sample = samples[state.sample];
    const frame = $("frame");
    frame.replaceChildren();
    frame.style.aspectRatio = `${sample.width} / ${sample.height}`;
    frame.style.width = `min(100%, ${(36 * sample.width / sample.height).toFixed(3)}rem)`;
    make("img", { src: $("strip").children[state.sample].firstElementChild.src, alt: `Sample ${sample.key}` }, frame);
    for (const layer of sample.layers) {
      if (!state.on.has(layer.name)) continue;
      const exact = layer.uri.startsWith("data:image/png");
      make("img", { src: layer.uri, alt: layer.name, class: exact ? "layer exact" : "layer", "data-layer": layer.name }, frame)
        .style.opacity = state.strength / 100;
    }
    const unit = sample.width / Math.max(frame.clientWidth, 1);
    const svg = make("svg", { viewBox: `0 0 ${sample.width} ${sample.height}`, "aria-hidden": "true" }, frame, SVG);
    if (state.on.has("boxes")) drawBoxes(svg, sample, unit);
    drawPoints(svg, sample, unit);

    $("key").textContent = sample.key;
    const facts = $("facts");
    facts.replaceChildren();
    for (const [name, value] of sample.facts) {
      make("dt", {}, facts).textContent = name;
      make("dd", {}, facts).textContent = value;
    }
    const legend = $("legend");
    legend.replaceChildren();
    const entry = (color, name, ring) => {
      const item = make("li", {}, legend);
      make("span", { class: ring ? "dot ring" : "dot" }, item).style.background = color;
      make("span", {}, item).textContent = name;
    };
    if (state.set !== "none") {
      const met = new Set(sample.people.flatMap((p) => (p.points[state.set] || []).filter((_, k) => k % 3 === 2)));
      told.causes.forEach((cause, k) => { if (met.has(k) && k < told.outside) entry(cause.color, cause.name, true); });
    }
    for (const name of ["body", "clothes"]) {
      if (state.on.has(name)) for (const [word, color] of sample.classes[name] || []) entry(color, word, false);
    }
    for (const button of $("overlays").children) button.setAttribute("aria-pressed", state.on.has(button.value));
    [...$("strip").children].forEach((button, k) => button.setAttribute("aria-pressed", k === state.sample));
    $("set").value = state.set;
    $("strength").value = state.strength;
  };
  const show = (change) => { change(); toHash(); draw(); };
  const step = (by) => show(() => {
    state.sample = (state.sample + by + samples.length) % samples.length;
    const thumb = $("strip").children[state.sample];
    $("strip").scrollLeft = thumb.offsetLeft - $("strip").offsetLeft - $("strip").clientWidth / 2 + thumb.clientWidth / 2;
  });

  for (const name of overlays) {
    const button = make("button", { type: "button", value: name }, $("overlays"));
    button.textContent = told.overlayNames[name] || name;
    button.addEventListener("click", () => show(() => { if (!state.on.delete(name)) state.on.add(name); }));
  }
  make("option", { value: "none" }, $("set")).textContent = "none";
  for (const set of sets) make("option", { value: set.name }, $("set")).textContent = `${set.name} (${set.points.length})`;
  $("set").addEventListener("change", (event) => show(() => { state.set = event.target.value; }));
  $("strength").addEventListener("input", (event) => show(() => { state.strength = Number(event.target.value); }));
  [...$("strip").children].forEach((button, k) => button.addEventListener("click", () => show(() => { state.sample = k; })));
  $("previous").addEventListener("click", () => step(-1));
  $("next").addEventListener("click", () => step(1));
  $("viewer").addEventListener("keydown", (event) => {
    if (["INPUT", "SELECT"].includes(event.target.tagName) || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowLeft") { event.preventDefault(); step(-1); }
    if (event.key === "ArrowRight") { event.preventDefault(); step(1); }
  });
  addEventListener("hashchange", () => { if (fromHash()) draw(); });
  addEventListener("resize", draw);
  fromHash();
  draw();
})();
