// Plays the networks of a report: their weights are in the page, and boundary or fitted curve are computed here, for the
// setting, the repeat and the epoch that the sliders say. No library, nothing is asked for; runner/report/sections/play.c
// writes the data. The state is in the address behind #play; window.runnerPlay is for tests and for the curious.
'use strict';
(function () {
  const home = document.getElementById('player'), source = document.getElementById('play-data');
  if (!home || !source) return;
  const data = JSON.parse(source.textContent), isPlane = data.kind === 'plane';
  const state = {value: data.best.slice(), repeat: 0, step: 0, all: false, spread: false, test: false, playing: false};

  // --- data ---------------------------------------------------------------------------------------------------------------
  function bytes(text) {
    const raw = atob(text), out = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) out[i] = raw.charCodeAt(i);
    return out;
  }
  const floats = text => new Float32Array(bytes(text).buffer);
  const weights = floats(data.weights), values = floats(data.values), points = floats(data.points);
  const columns = isPlane ? 2 : 1, targets = isPlane ? bytes(data.labels) : floats(data.targets);

  function sizeOf(net) {  // numbers of a network: as in results/README.md, "Weights"
    let size = 0, from = data.inputs;
    for (const to of net.hidden.concat(net.outputs)) {
      size += from * to + (net.bias ? to : 0);
      from = to;
    }
    return net.norm ? size + 4 * net.hidden.reduce((a, b) => a + b, 0) : size;
  }
  const axes = data.axes.length, width = axes + 4, trials = [];
  let atWeight = 0, atValue = 0;
  for (let i = 0; i < data.trials.length; i += width) {
    const row = data.trials.slice(i, i + width), net = data.nets[row[axes + 1]], epochs = data.epochs[row[axes + 2]];
    const trial = {value: row.slice(0, axes), repeat: row[axes], net: net, epochs: epochs, set: row[axes + 3],
      size: sizeOf(net), weights: atWeight, values: atValue};
    atWeight += trial.size * epochs.length;
    atValue += data.metrics.length * epochs.length;
    trials.push(trial);
  }
  const key = (value, repeat) => value.join(',') + '/' + repeat;
  const byKey = new Map(trials.map(t => [key(t.value, t.repeat), t]));
  const trialAt = (value, repeat) => byKey.get(key(value, repeat));
  const repeatsAt = value => trials.filter(t => t.value.every((v, a) => v === value[a]));
  const longest = trials.reduce((a, t) => t.epochs.length > a.epochs.length ? t : a, trials[0]);
  const steps = longest.epochs.length;
  // The step of a trial for a step of the slider: the last one that is not later.
  function stepOf(trial, step) {
    if (step >= steps - 1) return trial.epochs.length - 1;
    let k = 0;
    while (k + 1 < trial.epochs.length && trial.epochs[k + 1] >= 0 && trial.epochs[k + 1] <= longest.epochs[step]) k++;
    return k;
  }
  const metric = (trial, step, m) => values[trial.values + step * data.metrics.length + m];

  // --- a network ----------------------------------------------------------------------------------------------------------
  function normalCdf(z) {  // by the series of erf, beyond 3 by the continued fraction of erfc
    const x = Math.abs(z) / Math.SQRT2, front = Math.exp(-x * x) / Math.sqrt(Math.PI);
    let half;
    if (x < 2.2) {
      let term = x, sum = x;
      for (let n = 1; n < 60; n++) sum += term *= 2 * x * x / (2 * n + 1);
      half = 0.5 + front * sum;
    } else {
      let f = x;
      for (let n = 60; n > 0; n--) f = x + n / 2 / f;
      half = 1 - 0.5 * front / f;
    }
    return z < 0 ? 1 - half : half;
  }
  const sigmoid = z => z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
  const ACTIVATIONS = {  // this tanh is twice as fast as Math.tanh, and off by 1e-16
    identity: z => z, step: z => z > 0 ? 1 : 0, sigmoid: sigmoid, tanh: z => 1 - 2 / (Math.exp(2 * z) + 1), relu: z => Math.max(z, 0),
    leaky_relu: z => z < 0 ? 0.01 * z : z, elu: z => z < 0 ? Math.expm1(z) : z, gelu: z => z * normalCdf(z),
    silu: z => z * sigmoid(z), softplus: z => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)))
  };
  function softmax(layer, n) {
    for (let i = 0; i < n; i++) {
      let most = -Infinity, sum = 0;
      for (const unit of layer) most = Math.max(most, unit[i]);
      for (const unit of layer) sum += unit[i] = Math.exp(unit[i] - most);
      for (const unit of layer) unit[i] /= sum;
    }
  }
  // Outputs of a trial's network after a step, an array of n values each; x: an array of n values for each input.
  function predict(trial, step, x, n) {
    const net = trial.net, sizes = net.hidden.concat(net.outputs);
    let at = trial.weights + step * trial.size, running = at + trial.size - 2 * net.hidden.reduce((a, b) => a + b, 0);
    let layer = x.map((column, k) => Float64Array.from(column, v => v * net.factor[k] + net.offset[k]));
    sizes.forEach((units, l) => {
      const last = l === sizes.length - 1, next = [], from = layer.length, w = at;
      at += from * units;
      const b = at;
      if (net.bias) at += units;
      const gamma = at, beta = at + units;
      if (net.norm && !last) at += 2 * units;
      const f = ACTIVATIONS[last ? net.output : net.activation];
      for (let u = 0; u < units; u++) {
        const out = new Float64Array(n).fill(net.bias ? weights[b + u] : 0);
        for (let k = 0; k < from; k++) {
          const one = weights[w + k * units + u], column = layer[k];
          for (let i = 0; i < n; i++) out[i] += one * column[i];
        }
        if (net.norm && !last) {
          const scale = weights[gamma + u] / Math.sqrt(weights[running + units + u] + 1e-5);
          for (let i = 0; i < n; i++) out[i] = (out[i] - weights[running + u]) * scale + weights[beta + u];
        }
        if (f) for (let i = 0; i < n; i++) out[i] = f(out[i]);
        next.push(out);
      }
      if (net.norm && !last) running += 2 * units;
      layer = next;
    });
    if (net.output === 'softmax') softmax(layer, n);
    else if (net.high > net.low) for (const out of layer) for (let i = 0; i < n; i++) out[i] = (out[i] - net.low) / (net.high - net.low);
    return layer;
  }
  // As probabilities: one output is that of class 1, others are divided by their sum.
  function probabilities(trial, step, x, n) {
    const y = predict(trial, step, x, n), classes = data.classes.length;
    if (y.length === 1) {
      const one = y[0].map(v => Math.min(Math.max(v, 0), 1));
      return [one.map(v => 1 - v), one];
    }
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (const p of y) sum += p[i] = Math.max(p[i], 0);
      for (const p of y) p[i] = sum > 0 ? p[i] / sum : 1 / classes;
    }
    return y;
  }

  // --- pictures -----------------------------------------------------------------------------------------------------------
  const style = document.createElement('style');
  style.textContent = '.player{display:grid;gap:1.2rem 2rem;grid-template-columns:minmax(0,3fr) minmax(15rem,2fr);width:min(1100px,' +
    '100vw - 2rem);margin-left:50%;transform:translateX(-50%);align-items:start}' +
    '.player canvas{width:100%;display:block;touch-action:manipulation}.player .stage canvas{border:1px solid var(--muted)}' +
    '.player label{display:block;font-size:.95rem;margin:0 0 .7rem}.player output{font-weight:600;font-variant-numeric:tabular-nums}' +
    '.player input[type=range]{width:100%;display:block;margin:.15rem 0 0;accent-color:var(--ink)}' +
    '.player .row{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;align-items:center;margin:.2rem 0 .6rem}.player .row label{margin:0}' +
    '.player button{font:inherit;font-size:.95rem;min-width:6.5rem;padding:.3rem .9rem;color:var(--paper);background:var(--ink);' +
    'border:0;border-radius:.3rem;cursor:pointer}.player select{font:inherit;font-size:.95rem;display:block;width:100%}' +
    '.player :focus-visible{outline:2px solid var(--ink);outline-offset:2px}' +
    '.player .status{margin:.5rem 0 0;font-size:1rem;min-height:3em;font-variant-numeric:tabular-nums}' +
    '.player .charts{margin-top:.4rem}.player .charts canvas{margin-bottom:.5rem}' +
    '@media(max-width:760px){.player{grid-template-columns:minmax(0,1fr)}}@media print{#play{display:none}}';
  document.head.appendChild(style);

  function element(tag, into, properties) {
    const made = Object.assign(document.createElement(tag), properties);
    into.appendChild(made);
    return made;
  }
  const stage = element('div', home, {className: 'stage'});
  const canvas = element('canvas', stage, {tabIndex: 0});
  canvas.setAttribute('role', 'img');
  const status = element('p', stage, {className: 'status'});
  const panel = element('div', home, {});
  let ink = {};
  function readColours() {
    const css = getComputedStyle(document.documentElement);
    for (const name of ['paper', 'ink', 'muted', 'faint', 'blue', 'vermillion', 'orange', 'green', 'purple', 'olive', 'wine', 'teal'])
      ink[name] = css.getPropertyValue('--' + name).trim();
    ink.test = ink.vermillion || ink.orange;
    ink.classes = [ink.green, ink.purple, ink.olive || '#999933', ink.wine || '#882255', ink.teal || '#44aa99', ink.ink];
  }
  function rgb(hex) {
    const long = hex.length === 4 ? '#' + [1, 2, 3].map(i => hex[i] + hex[i]).join('') : hex;
    return [1, 3, 5].map(i => parseInt(long.slice(i, i + 2), 16));
  }
  function fit(surface, ratio) {  // sharp on every screen; returns its size in CSS pixels
    const wide = Math.max(surface.clientWidth, 1), high = Math.round(wide * ratio), dots = window.devicePixelRatio || 1;
    surface.style.height = high + 'px';
    if (surface.width !== Math.round(wide * dots) || surface.height !== Math.round(high * dots)) {
      surface.width = Math.round(wide * dots);
      surface.height = Math.round(high * dots);
    }
    const context = surface.getContext('2d');
    context.setTransform(dots, 0, 0, dots, 0, 0);
    context.clearRect(0, 0, wide, high);
    return [context, wide, high];
  }

  // Where networks are asked; more coarsely while all repeats are playing.
  function makeGrid(columns) {
    const shape = isPlane ? (data.y[1] - data.y[0]) / (data.x[1] - data.x[0]) : 0;
    const rows = isPlane ? Math.max(Math.round(columns / 3), Math.min(Math.round(columns * 1.3), Math.round(columns * shape))) : 1;
    const x = [new Float64Array(columns * rows), new Float64Array(columns * rows)];
    for (let i = 0; i < columns * rows; i++) {
      x[0][i] = data.x[0] + (data.x[1] - data.x[0]) * (i % columns) / (columns - 1);
      if (isPlane) x[1][i] = data.y[0] + (data.y[1] - data.y[0]) * Math.floor(i / columns) / (rows - 1);
    }
    return [columns, rows, x];
  }
  const fine = makeGrid(121), coarse = makeGrid(61), seen = new Map();  // answers, the latest 700
  let [across, up, grid] = fine;
  function answer(trial, step) {
    const name = trials.indexOf(trial) + ':' + step + ':' + across;
    let found = seen.get(name);
    if (!found) {
      const x = isPlane ? grid : [grid[0]];
      found = (isPlane ? probabilities : predict)(trial, step, x, across * up).map(p => Float32Array.from(p));
      if (!isPlane) found = [found[found.length - 1]];
      if (seen.size >= 700) seen.delete(seen.keys().next().value);
      seen.set(name, found);
    }
    return found;
  }
  const mean = many => many[0].map((_, k) => many[0][k].map((_, i) => many.reduce((a, one) => a + one[k][i], 0) / many.length));

  // What a plane of answers looks like, a pixel a point of the grid.
  function paint(context, answers, wide, high) {
    const p = state.all ? mean(answers) : answers[0], classes = p.length, image = new ImageData(across, up);
    const colours = ink.classes.map(rgb), dark = rgb(ink.ink);
    for (let i = 0; i < across * up; i++) {
      let best = 0;
      for (let k = 1; k < classes; k++) if (p[k][i] > p[best][i]) best = k;
      let colour = colours[best % 6], alpha = 120 * Math.max(0, (p[best][i] * classes - 1) / (classes - 1));
      if (state.spread) {  // how many repeats do not predict what most of them do
        const votes = new Array(classes).fill(0);
        for (const one of answers) {
          let own = 0;
          for (let k = 1; k < classes; k++) if (one[k][i] > one[own][i]) own = k;
          votes[own]++;
        }
        colour = dark;
        alpha = 190 * (1 - Math.max(...votes) / answers.length) * classes / (classes - 1);
      }
      image.data.set([colour[0], colour[1], colour[2], alpha], 4 * (Math.floor(up - 1 - Math.floor(i / across)) * across + i % across));
    }
    const small = new OffscreenCanvas(across, up);
    small.getContext('2d').putImageData(image, 0, 0);
    context.imageSmoothingQuality = 'high';
    // the outermost points are on the frame, half a pixel of the picture outside it
    const dx = wide / (across - 1), dy = high / (up - 1);
    context.drawImage(small, -dx / 2, -dy / 2, wide + dx, high + dy);
  }
  // Where the likeliest class changes: marching squares, a stretch a square.
  function outline(context, p, wide, high) {
    const dx = wide / (across - 1), dy = high / (up - 1), margin = new Float64Array(across * up);
    context.beginPath();
    for (let k = 0; k < p.length - 1; k++) {
      for (let i = 0; i < margin.length; i++) {
        let other = 0;
        for (let j = 0; j < p.length; j++) if (j !== k) other = Math.max(other, p[j][i]);
        margin[i] = p[k][i] - other;
      }
      for (let r = 0; r + 1 < up; r++) for (let c = 0; c + 1 < across; c++) {
        const i = r * across + c, v = [margin[i], margin[i + 1], margin[i + across + 1], margin[i + across]], cut = [];
        for (let e = 0; e < 4; e++) {
          const a = v[e], b = v[(e + 1) % 4];
          if ((a > 0) === (b > 0)) continue;
          const t = a / (a - b);
          cut.push([[c + t, r], [c + 1, r + t], [c + 1 - t, r + 1], [c, r + 1 - t]][e]);
        }
        if (cut.length === 4 && (v[0] > 0) !== (v[0] + v[1] + v[2] + v[3] > 0)) cut.unshift(cut.pop());
        for (let s = 0; s + 1 < cut.length; s += 2) {
          context.moveTo(cut[s][0] * dx, high - cut[s][1] * dy);
          context.lineTo(cut[s + 1][0] * dx, high - cut[s + 1][1] * dy);
        }
      }
    }
    context.stroke();
  }
  const firstRow = data.sets.map((_, k) => data.sets.slice(0, k).reduce((a, s) => a + s[0] + s[1], 0));
  function rowsOf(trial, test) {  // positions in `points` and `targets`
    const [train, held] = data.sets[trial.set], first = firstRow[trial.set] + (test ? train : 0);
    return Array.from({length: test ? held : train}, (_, i) => first + i);
  }
  const toX = (v, wide) => (v - data.x[0]) / (data.x[1] - data.x[0]) * wide;
  const toY = (v, high) => high - (v - data.y[0]) / (data.y[1] - data.y[0]) * high;
  function disc(context, x, y, radius, colour) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = colour;
    context.fill();
  }
  function dots(context, trial, step, test, wide, high) {
    const rows = rowsOf(trial, test), radius = (wide > 480 ? 3.4 : 2.4) * (rows.length <= 20 ? 2 : 1);
    const p = probabilities(trial, step, [0, 1].map(k => rows.map(r => points[2 * r + k])), rows.length);
    rows.forEach((row, i) => {
      const x = toX(points[2 * row], wide), y = toY(points[2 * row + 1], high), label = targets[row];
      const wrong = p.some((q, k) => k !== label && q[i] > p[label][i]);
      disc(context, x, y, radius + (wrong ? 2 : 1.2), wrong ? ink.ink : ink.paper);  // a dark ring: wrong
      if (test) disc(context, x, y, radius + (wrong ? 1 : 0.2), ink.paper);
      disc(context, x, y, test ? radius * 0.6 : radius, ink.classes[label % 6]);
    });
  }
  function drawPlane(trial, step) {
    const ratio = Math.min(1.1, (data.y[1] - data.y[0]) / (data.x[1] - data.x[0]));
    const [context, wide, high] = fit(canvas, ratio);
    const group = state.all || state.spread ? repeatsAt(state.value) : [trial];
    const answers = group.map(t => answer(t, stepOf(t, state.step)));
    paint(context, answers, wide, high);
    context.strokeStyle = ink.ink;
    if (state.all || state.spread) {
      context.lineWidth = 1;
      context.globalAlpha = 0.55;
      answers.forEach(p => outline(context, p, wide, high));
      context.globalAlpha = 1;
    }
    context.lineWidth = state.all || state.spread ? 2 : 1.6;
    outline(context, answer(trial, step), wide, high);
    if (state.test) dots(context, trial, step, true, wide, high);
    dots(context, trial, step, false, wide, high);
  }
  function curve(context, y, wide, high) {
    context.beginPath();
    for (let i = 0; i < across; i++) context.lineTo(i / (across - 1) * wide, toY(y[i], high));
    context.stroke();
  }
  function drawLine(trial, step) {
    const [context, wide, high] = fit(canvas, 0.6);
    const group = state.all || state.spread ? repeatsAt(state.value) : [trial];
    const answers = group.map(t => answer(t, stepOf(t, state.step))[0]);
    if (state.spread) {  // from the lowest to the highest of the repeats
      context.beginPath();
      const low = i => Math.min(...answers.map(a => a[i])), most = i => Math.max(...answers.map(a => a[i]));
      for (let i = 0; i < across; i++) context.lineTo(i / (across - 1) * wide, toY(most(i), high));
      for (let i = across - 1; i >= 0; i--) context.lineTo(i / (across - 1) * wide, toY(low(i), high));
      context.fillStyle = ink.faint;
      context.fill();
    }
    if (state.test) rowsOf(trial, true).forEach(r => disc(context, toX(points[r], wide), toY(targets[r], high), 2, ink.test));
    rowsOf(trial, false).forEach(r => disc(context, toX(points[r], wide), toY(targets[r], high), 2.6, ink.blue));
    context.strokeStyle = ink.green;
    context.lineWidth = 1;
    if (state.all) answers.forEach(y => curve(context, y, wide, high));
    context.lineWidth = 2.5;
    curve(context, answer(trial, step)[0], wide, high);
  }

  // --- two small charts: the loss over the epochs, and against the setting at this epoch ------------------------------------
  const charts = element('div', panel, {className: 'charts'});
  const overEpochs = steps > 2 ? element('canvas', charts, {}) : null;
  const played = data.axes.findIndex(a => a.played), series = data.metrics.map((m, k) => ({name: m.part, at: k, share: m.share})).filter(s => !s.share);
  const against = played >= 0 && data.axes[played].labels.length > 1 ? element('canvas', charts, {}) : null;
  const hue = name => name === 'train' ? ink.blue : name === 'test' ? ink.test : ink.green;
  const tidy = v => !isFinite(v) ? '–' : Math.abs(v) >= 100 ? v.toFixed(0) : Math.abs(v) >= 10 ? v.toFixed(1) : v.toFixed(3);
  const shown = (v, m) => m.share ? (100 * v).toFixed(1) + ' %' : tidy(v);

  function chart(surface, title, x, lines, ticks, mark) {
    const [context, wide, high] = fit(surface, 0.46), left = 44, right = wide - 44, bottom = high - 22, head = 24;
    let top = 0;
    for (const line of lines) for (const v of line.y.concat(line.dots || [])) if (isFinite(v)) top = Math.max(top, v);
    const power = 10 ** Math.floor(Math.log10(top || 1) - 0.3), step = power * (top / power > 5 ? 2 : top / power > 2 ? 1 : 0.5);
    top = (top || 1) * 1.06;
    const px = v => left + v * (right - left), py = v => bottom - v / top * (bottom - head);
    context.font = '12px system-ui,sans-serif';
    context.fillStyle = ink.ink;
    context.fillText(title, 2, 13);
    context.strokeStyle = ink.faint;
    context.lineWidth = 1;
    context.textAlign = 'right';
    for (let v = 0; v <= top; v += step) {
      context.beginPath();
      context.moveTo(left, py(v));
      context.lineTo(right, py(v));
      context.stroke();
      context.fillText(String(+v.toPrecision(3)), left - 6, py(v) + 4);
    }
    context.textAlign = 'center';
    for (const [at, text] of ticks) context.fillText(text, px(at), bottom + 15);
    context.strokeStyle = ink.muted;
    context.beginPath();
    context.moveTo(px(mark), head);
    context.lineTo(px(mark), bottom);
    context.stroke();
    context.textAlign = 'left';
    let last = [];
    lines.forEach(line => {
      context.strokeStyle = context.fillStyle = hue(line.name);
      context.lineWidth = 2;
      context.beginPath();
      let end = NaN;
      line.y.forEach((v, i) => {
        if (!isFinite(v)) return;
        context.lineTo(px(x[i]), py(v));
        end = v;
      });
      context.stroke();
      (line.dots || []).forEach((v, i) => isFinite(v) && disc(context, px(x[i]), py(v), 2.2, hue(line.name)));
      let y = py(end) + 4;
      for (const other of last) if (Math.abs(y - other) < 13) y = other + (y < other ? -13 : 13);
      last.push(y);
      context.fillStyle = hue(line.name);
      if (isFinite(end)) context.fillText(line.name, right + 5, y);
    });
    surface.atX = v => (v - left) / (right - left);
  }
  function epochPositions(epochs) {
    const far = Math.max(1, ...epochs) + 1;
    return epochs.map((e, k) => e < 0 ? 1 : Math.log(e + 1) / Math.log(far));
  }
  function drawCharts(trial, step) {
    const word = data.metrics[0].title.replace(/^\w+ /, '');
    if (overEpochs) {
      const x = epochPositions(trial.epochs), far = Math.max(1, ...trial.epochs) + 1, ticks = [];
      for (let e = 1; e <= far; e *= 10) if (Math.log(e) / Math.log(far) < 0.93) ticks.push([Math.log(e) / Math.log(far), String(e)]);
      chart(overEpochs, word + ' after so many passes', x,
        series.map(s => ({name: s.name, y: trial.epochs.map((_, k) => metric(trial, k, s.at))})), ticks, x[step]);
    }
    if (against) {
      const axis = data.axes[played], x = axis.labels.map((_, i) => axis.positions[i]);
      const at = i => state.value.map((v, a) => a === played ? i : v);
      const lines = series.map(s => ({name: s.name,
        y: axis.labels.map((_, i) => {
          const all = repeatsAt(at(i)).map(t => metric(t, stepOf(t, state.step), s.at)).filter(isFinite);
          return all.length ? all.reduce((a, b) => a + b, 0) / all.length : NaN;
        }),
        dots: axis.labels.map((_, i) => {
          const one = trialAt(at(i), state.repeat);
          return one ? metric(one, stepOf(one, state.step), s.at) : NaN;
        })}));
      const ticks = [];
      axis.labels.forEach((text, i) => (!ticks.length || x[i] - ticks[ticks.length - 1][0] > 0.09) && ticks.push([x[i], text]));
      chart(against, `${word} against ${axis.title}: mean of the ${data.word}s, dots: this one`, x, lines, ticks,
        x[state.value[played]]);
    }
  }
  function choose(surface, pick) {
    if (!surface) return;
    surface.style.cursor = 'pointer';
    const move = event => event.buttons && pick(surface.atX(event.offsetX));
    surface.addEventListener('pointerdown', move);
    surface.addEventListener('pointermove', move);
  }
  const nearest = (list, v) => list.reduce((best, x, i) => Math.abs(x - v) < Math.abs(list[best] - v) ? i : best, 0);
  choose(overEpochs, v => set('step', nearest(epochPositions(longest.epochs), v)));
  choose(against, v => set(data.axes[played].name, nearest(data.axes[played].positions, v)));

  // --- controls -----------------------------------------------------------------------------------------------------------
  const form = element('div', panel, {});
  panel.insertBefore(form, charts);
  const controls = {};
  function slider(name, title, count, text) {
    if (count < 2) return;
    const label = element('label', form, {textContent: title + ' '}), out = element('output', label, {});
    const input = element('input', label, {type: 'range', min: 0, max: count - 1, step: 1});
    input.setAttribute('aria-label', title);
    input.addEventListener('input', () => set(name, +input.value));
    controls[name] = value => {
      input.value = value;
      out.textContent = text(value);
      input.setAttribute('aria-valuetext', out.textContent);
    };
  }
  function select(name, title, labels) {
    const label = element('label', form, {textContent: title}), input = element('select', label, {});
    labels.forEach((text, i) => element('option', input, {value: i, textContent: text}));
    input.addEventListener('change', () => set(name, +input.value));
    controls[name] = value => { input.value = value; };
  }
  const buttons = element('div', form, {className: 'row'});
  const play = element('button', buttons, {type: 'button'});
  play.addEventListener('click', () => set('playing', !state.playing));
  function tick(name, title) {
    const label = element('label', buttons, {}), input = element('input', label, {type: 'checkbox'});
    label.appendChild(document.createTextNode(' ' + title));
    input.addEventListener('change', () => set(name, input.checked));
    controls[name] = value => { input.checked = value; };
  }
  if (data.repeats > 1) {
    tick('all', 'all ' + data.word + 's');
    tick('spread', 'where they disagree');
  }
  if (data.sets.some(s => s[1] > 0)) tick('test', 'test points');
  data.axes.forEach(axis => axis.labels.length > 1 && (axis.numeric ?
    slider(axis.name, axis.title, axis.labels.length, i => axis.labels[i]) : select(axis.name, axis.title, axis.labels)));
  slider('repeat', data.word, data.repeats, i => `${i + 1} of ${data.repeats}`);
  slider('step', 'epoch', steps, i => longest.epochs[i] < 0 ? 'end' : String(longest.epochs[i]));

  // --- state --------------------------------------------------------------------------------------------------------------
  const axisOf = name => data.axes.findIndex(a => a.name === name);
  function address() {
    const words = data.axes.map((a, i) => `${encodeURIComponent(a.name)}=${encodeURIComponent(a.labels[state.value[i]])}`);
    words.push(`${data.word}=${state.repeat + 1}`);
    if (steps > 1) words.push('epoch=' + (longest.epochs[state.step] < 0 ? 'end' : longest.epochs[state.step]));
    for (const flag of ['all', 'spread', 'test']) if (state[flag]) words.push(flag);
    return '#play/' + words.join('/');
  }
  let known = '', timer = 0;  // the address that the state is of
  function remember() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (location.hash !== known && location.hash.startsWith('#play/')) return;  // somebody has set another one
      known = address();
      history.replaceState(null, '', known);
    }, state.playing ? 500 : 150);
  }
  function restore() {
    if (!location.hash.startsWith('#play/') || location.hash === known) return false;
    known = location.hash;
    for (const flag of ['all', 'spread', 'test']) state[flag] = false;
    for (const word of location.hash.slice(6).split('/')) {
      const [name, text] = word.split('=').map(decodeURIComponent), axis = axisOf(name);
      if (axis >= 0) state.value[axis] = Math.max(0, data.axes[axis].labels.indexOf(text));
      else if (name === data.word) state.repeat = Math.min(Math.max(Math.round(+text) - 1 || 0, 0), data.repeats - 1);
      else if (name === 'epoch') state.step = text === 'end' ? steps - 1 : nearest(longest.epochs, +text || 0);
      else if (['all', 'spread', 'test'].includes(name)) state[name] = true;
    }
    return true;
  }
  function set(name, value) {
    const axis = axisOf(name);
    if (axis >= 0) state.value[axis] = value;
    else state[name] = value;
    if (name === 'playing' && value && frames() && atEnd()) toStart();
    draw();
    remember();
    if (name === 'playing' && value) requestAnimationFrame(advance);
  }
  let dirty = false;
  function draw() {
    if (dirty) return;
    dirty = true;
    requestAnimationFrame(() => {
      dirty = false;
      redraw();
    });
  }
  function redraw() {
    readColours();
    const trial = trialAt(state.value, state.repeat) || repeatsAt(state.value)[0];
    for (const name in controls) controls[name](axisOf(name) >= 0 ? state.value[axisOf(name)] : state[name]);
    play.textContent = state.playing ? 'Pause' : 'Play';
    if (!trial) {
      const [context, wide, high] = fit(canvas, 0.6);
      status.textContent = 'No network was trained with this setting.';
      return;
    }
    const step = stepOf(trial, state.step), epoch = trial.epochs[step];
    [across, up, grid] = state.playing && (state.all || state.spread) ? coarse : fine;
    (isPlane ? drawPlane : drawLine)(trial, step);
    drawCharts(trial, step);
    const words = data.axes.map((a, i) => a.phrases[state.value[i]]).join(', ');
    const numbers = data.metrics.map((m, k) => `${m.title} ${shown(metric(trial, step, k), m)}`).join(', ');
    status.textContent = `${words ? words + ', ' : ''}${data.word} ${trial.repeat + 1}` +
      `${steps > 1 ? (epoch < 0 ? ', at the end' : ', epoch ' + epoch) : ''}: ${numbers}.`;
    canvas.setAttribute('aria-label', (isPlane ? 'Decision boundary: ' : 'Fitted curve: ') + status.textContent);
  }

  // --- playing: over the epochs, or where the weights on the way were not kept, over the settings --------------------------
  const frames = () => steps > 2 ? steps : played >= 0 ? data.axes[played].labels.length : 1;
  const frame = () => steps > 2 ? state.step : state.value[played];
  const atEnd = () => frame() >= frames() - 1;
  function toFrame(k) {
    if (steps > 2) state.step = k;
    else state.value[played] = k;
  }
  const toStart = () => toFrame(0);
  let since = 0;
  function advance(now) {
    if (!state.playing) return;
    const pause = steps > 2 ? 110 : 700;
    if (now - since >= pause) {
      since = now;
      if (atEnd()) return set('playing', false);
      toFrame(frame() + 1);
      draw();
      remember();
    }
    requestAnimationFrame(advance);
  }
  if (frames() < 2) play.remove();

  // --- keys ---------------------------------------------------------------------------------------------------------------
  function shift(name, by) {
    const axis = axisOf(name), count = axis >= 0 ? data.axes[axis].labels.length : name === 'repeat' ? data.repeats : steps;
    const now = axis >= 0 ? state.value[axis] : state[name];
    set(name, Math.min(Math.max(now + by, 0), count - 1));
  }
  home.addEventListener('keydown', event => {
    const onSlider = event.target.type === 'range' || event.target.tagName === 'SELECT';
    const sweep = played >= 0 ? data.axes[played].name : null;
    const keys = {
      ' ': () => set('playing', !state.playing), a: () => set('all', !state.all), d: () => set('spread', !state.spread),
      t: () => set('test', !state.test), ',': () => shift('repeat', -1), '.': () => shift('repeat', 1)
    };
    if (!onSlider) Object.assign(keys, {
      ArrowRight: () => shift('step', 1), ArrowLeft: () => shift('step', -1),
      ArrowUp: () => sweep && shift(sweep, 1), ArrowDown: () => sweep && shift(sweep, -1)
    });
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === ' ' && (event.target === play || event.target.type === 'checkbox')) return;
    event.preventDefault();
    act();
  });

  state.step = steps - 1;
  home.hidden = false;
  if (restore()) home.scrollIntoView({block: 'center'});
  redraw();
  addEventListener('hashchange', () => restore() && draw());
  addEventListener('resize', draw);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  window.runnerPlay = {data: data, state: state, trials: trials, set: set, predict: predict, probabilities: probabilities,
    trialAt: trialAt, stepOf: stepOf, metric: metric, canvas: canvas, status: status};
})();
