/* The page is complete without this: it adds the searchable table of all tests, and small comforts. */
const byId = (id) => document.getElementById(id);
const PAGE = 100;
const MOST_ROWS = 200; /* more at a time make the page slow */
const WORST_FIRST = ["crashed", "timed_out", "error", "failed", "xpassed", "not_run", "skipped", "xfailed", "passed"];

/* 12345 as 12,345. Intl.NumberFormat takes longer to begin than the rest of this page. */
function figure(count) {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/* Values that stand with how often they follow each other. */
function unrolled(runs) {
  const values = [];
  for (let at = 0; at < runs.length; at += 2) for (let left = runs[at + 1]; left > 0; left -= 1) values.push(runs[at]);
  return values;
}

/* The data of all tests, see kit/report/alltests.py. */
function readTests(data) {
  const tests = [];
  const groups = unrolled(data.group);
  const causes = unrolled(data.cause);
  let id = "";
  for (let index = 0; index * 2 < data.ids.length; index += 1) {
    id = id.slice(0, data.ids[index * 2]) + data.ids[index * 2 + 1];
    const group = data.groups[groups[index]];
    const category = group && data.categories.find((one) => one[0] === group[2]);
    tests.push({
      index,
      id,
      words: id.toLowerCase(),
      outcome: data.outcomes[data.outcome[index]],
      phase: data.phases[data.phase[index]],
      ms: data.ms[index],
      group,
      category: category && [category[1], category[2]],
      cause: data.causes[causes[index]],
      reason: data.reason[index],
    });
  }
  return tests;
}

/* On a phone the cells of a row stand below each other, each with the head of its column. */
function labelled(box) {
  const heads = [...box.querySelectorAll("thead th, thead td")].map((one) => one.textContent.trim());
  for (const line of box.querySelectorAll("tbody tr, tfoot tr")) {
    let at = 0;
    for (const cell of line.cells) {
      if (at && heads[at]) cell.dataset.label = heads[at];
      at += cell.colSpan;
    }
  }
}

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function link(href, text) {
  const made = element("a", text);
  made.href = href;
  return made;
}

function swatch(outcome) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [part, attributes] of [
    [svg, { class: "swatch", width: 12, height: 12, "aria-hidden": "true" }],
    [rect, { class: `o-${outcome}`, width: 12, height: 12, rx: 2 }],
  ]) {
    for (const [name, value] of Object.entries(attributes)) part.setAttribute(name, value);
  }
  svg.append(rect);
  return svg;
}

/* What a reader has chosen stands in the address, which can be sent. Some browsers refuse many changes in a row. */
function remember(fragment) {
  try {
    history.replaceState(null, "", fragment);
  } catch {
    /* the next change tells it */
  }
}

function time(ms) {
  if (ms === null) return "–";
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(ms < 60000 ? 1 : 0)} s`;
}

/* For the eye the file stands below the name; read out or copied it is a node id. */
function nodeId(id) {
  const code = element("code", undefined, "nodeid");
  const at = id.indexOf("::") + 2;
  if (at > 1) code.append(element("span", id.slice(0, at - 2), "path"), element("span", "::", "sr"));
  code.append(element("span", id.slice(at > 1 ? at : 0), "name"));
  return code;
}

function row(test) {
  const made = element("tr");
  made.id = `test-${test.id}`;
  const name = element("th");
  name.scope = "row";
  const self = link(`#test-${encodeURIComponent(test.id)}`);
  self.append(nodeId(test.id));
  name.append(self);
  if (test.reason) name.append(element("span", test.reason, "reason"));
  const outcome = element("td", undefined, "outcome");
  const phase = test.outcome[0] === "error" && test.phase ? ` at ${test.phase}` : "";
  outcome.append(swatch(test.outcome[0]), ` ${test.outcome[1]}${phase}`);
  const category = element("td");
  if (test.group) category.append(link(`#${test.group[0]}`, test.category ? test.category[1] : test.group[1]));
  const cause = element("td");
  if (test.cause) cause.append(link(`#${test.cause[0]}`, test.cause[1]));
  made.append(name, outcome, element("td", time(test.ms), "n"), category, cause);
  for (const [at, head] of ["Outcome", "Time", "Category", "Cause"].entries()) made.cells[at + 1].dataset.label = head;
  return made;
}

const SORTS = {
  id: (test) => test.id,
  outcome: (test) => WORST_FIRST.indexOf(test.outcome[0]),
  ms: (test) => test.ms,
  category: (test) => test.category && test.category[1],
  cause: (test) => test.cause && test.cause[1],
};

/* Stable; what has no value comes last in both directions. */
function sorted(tests, key, direction) {
  const value = SORTS[key];
  const missing = (one) => one === null || one === undefined;
  return tests.slice().sort((a, b) => {
    const [left, right] = [value(a), value(b)];
    if (missing(left) || missing(right)) return missing(left) - missing(right) || a.index - b.index;
    return (left < right ? -1 : left > right ? 1 : 0) * direction || a.index - b.index;
  });
}

/* The data is compressed; an old browser cannot read it. */
async function unpacked(source) {
  const text = atob(source.textContent);
  const bytes = new Uint8Array(text.length); /* Uint8Array.from takes ten times as long */
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

async function testTable() {
  const source = byId("test-data");
  if (!source) return null;
  if (!window.DecompressionStream) {
    byId("test-old").hidden = false;
    return null;
  }
  const data = await unpacked(source);
  const tests = readTests(data);
  const filters = {
    outcome: { control: byId("test-outcome"), key: (test) => test.outcome[0], options: data.outcomes },
    category: {
      control: byId("test-category"),
      key: (test) => test.category && test.category[0],
      options: data.categories.map((one) => [one[1], one[2]]),
    },
    cause: { control: byId("test-cause"), key: (test) => test.cause && test.cause[0], options: data.causes },
    group: { control: byId("test-group"), key: (test) => test.group && test.group[0], options: data.groups },
  };
  const search = byId("test-search");
  const more = byId("test-more");
  const body = document.querySelector(".tests tbody");
  const headers = [...document.querySelectorAll(".tests [data-sort]")];
  let order = tests;
  let matching = tests;
  let shown = PAGE;

  for (const filter of Object.values(filters)) {
    const counts = new Map();
    for (const test of tests) counts.set(filter.key(test), (counts.get(filter.key(test)) || 0) + 1);
    for (const [value, label] of filter.options) {
      if (!counts.has(value)) continue;
      const option = element("option", `${label} (${figure(counts.get(value))})`);
      option.value = value;
      filter.control.append(option);
    }
    filter.control.closest("label").hidden = filter.control.options.length < 2;
    filter.control.addEventListener("change", chosen);
  }

  function apply() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const active = Object.values(filters).filter((filter) => filter.control.value);
    matching = order.filter(
      (test) =>
        active.every((filter) => filter.key(test) === filter.control.value) &&
        words.every((word) => test.words.includes(word)),
    );
    shown = PAGE;
    draw();
  }

  function draw() {
    const end = Math.min(shown, matching.length);
    const start = Math.max(0, end - MOST_ROWS);
    body.replaceChildren(...matching.slice(start, end).map(row));
    const left = matching.length - end;
    const visible = start ? `${figure(start + 1)} to ${figure(end)}` : figure(end);
    byId("test-count").textContent = matching.length
      ? `${visible} of ${figure(matching.length)} matching tests shown, ${figure(tests.length)} in all.`
      : `No test matches, ${figure(tests.length)} in all.`;
    more.hidden = left === 0;
    more.textContent = `Show ${figure(Math.min(left, PAGE))} more`;
  }

  /* `#tests?outcome=failed&search=login&sort=ms&down=1`, without what is as in the beginning. */
  function asFragment() {
    const told = new URLSearchParams();
    for (const [name, filter] of Object.entries(filters)) if (filter.control.value) told.set(name, filter.control.value);
    if (search.value) told.set("search", search.value);
    const cell = document.querySelector(".tests [aria-sort]");
    const key = cell.querySelector("button").dataset.sort;
    const isDown = cell.getAttribute("aria-sort") === "descending";
    if (key !== "outcome" || isDown) told.set("sort", key);
    if (isDown) told.set("down", "1");
    return told.size ? `#tests?${told}` : "#tests";
  }

  function chosen() {
    apply();
    remember(asFragment());
  }

  function sortBy(button, wanted) {
    const cell = button.closest("th");
    const direction = wanted || (cell.getAttribute("aria-sort") === "ascending" ? -1 : 1);
    for (const other of headers) other.closest("th").removeAttribute("aria-sort");
    cell.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
    order = sorted(tests, button.dataset.sort, direction);
    apply();
  }

  /* Shows only the tests that a link asks for: by outcome, category, cause, group or words, in its order. */
  function show(wanted) {
    search.value = wanted.search || "";
    for (const [name, filter] of Object.entries(filters)) filter.control.value = wanted[name] || "";
    const button = headers.find((one) => one.dataset.sort === (wanted.sort || "outcome")) || headers[0];
    sortBy(button, wanted.down ? -1 : 1);
  }

  function showOne(id) {
    const test = tests.find((one) => one.id === id);
    if (!test) return;
    show({ search: id });
    matching = [test];
    draw();
    body.rows[0].scrollIntoView({ block: "center" });
    body.rows[0].querySelector("a").focus({ preventScroll: true });
  }

  for (const button of headers) {
    button.addEventListener("click", () => {
      sortBy(button);
      remember(asFragment());
    });
  }
  search.addEventListener("input", chosen);
  search.form.addEventListener("submit", (event) => event.preventDefault());
  byId("test-reset").addEventListener("click", () => {
    show({});
    remember("#tests");
  });
  more.addEventListener("click", () => {
    const before = Math.min(shown, matching.length);
    shown += PAGE;
    draw();
    const start = Math.max(0, Math.min(shown, matching.length) - MOST_ROWS);
    body.rows[before - start].querySelector("a").focus();
  });
  byId("test-table").hidden = false;
  show({}); /* what needs a reader comes first */
  return { show, showOne };
}

/* A link leads into closed parts and to tests that are not in the table at the moment. */
function follow(table) {
  const [fragment, query] = location.hash.slice(1).split("?", 2);
  if (fragment === "tests" && table) table.show(Object.fromEntries(new URLSearchParams(query)));
  let name = fragment;
  try {
    name = decodeURIComponent(name);
  } catch {
    return; /* not a link of ours */
  }
  if (name.startsWith("test-") && table && !byId(name)) {
    opened(byId("tests"));
    table.showOne(name.slice(5));
    return;
  }
  const target = byId(name) || byId(fragment);
  opened(target);
  if (target) target.scrollIntoView();
}

function opened(target) {
  const whole = target && target.querySelector(":scope > .whole");
  if (whole) whole.open = true;
  for (let part = target; part; part = part.parentElement) if (part.localName === "details") part.open = true;
}

/* Commands copy themselves; the other texts lie compressed in the page, see kit/report/copies.py. */
async function copyButtons() {
  if (!navigator.clipboard) return;
  for (const command of document.querySelectorAll(".command")) {
    const button = element("button", "Copy", "copy");
    button.type = "button";
    button.append(element("span", ` the command ${command.textContent}`, "sr"));
    command.append(button);
  }
  const texts = window.DecompressionStream ? await unpacked(byId("copy-data")) : {};
  for (const button of document.querySelectorAll(".copy")) {
    const key = button.dataset.copy;
    if (key && !(key in texts)) continue;
    const label = button.firstChild;
    const words = label.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(key ? texts[key] : button.previousElementSibling.textContent);
      label.textContent = "Copied";
      setTimeout(() => (label.textContent = words), 1500);
    });
  }
}

function contents() {
  const links = new Map([...document.querySelectorAll(".contents a")].map((one) => [one.hash.slice(1), one]));
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        for (const one of links.values()) one.removeAttribute("aria-current");
        links.get(entry.target.id).setAttribute("aria-current", "true");
      }
    },
    { rootMargin: "-15% 0px -80% 0px" },
  );
  for (const section of document.querySelectorAll(".part")) watcher.observe(section);
}

/* What scrolls sideways can be scrolled with the keyboard. */
function scrollers() {
  const watcher = new ResizeObserver((entries) => {
    const seen = entries.map(({ target }) => [target, target.scrollWidth > target.clientWidth]); /* before the first change */
    for (const [target, isWide] of seen) {
      if (isWide) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  for (const box of document.querySelectorAll(".table, .scroll, .diff")) watcher.observe(box);
}

/* What is not needed first is closed; without scripts all of it is open. On a phone so are wide pictures. */
function folding() {
  const isNarrow = matchMedia("(max-width: 40rem)").matches;
  const wide = ".cause ~ .cause .further, .cause ~ .further, .options-of ~ .options-of, .collision, .part:has(.teaser) > .whole";
  const narrow = ".drawing, .further, .options-of, .part:not(.short) > .whole";
  for (const one of document.querySelectorAll(isNarrow ? narrow : wide)) one.open = false;
  if (isNarrow) for (const one of document.querySelectorAll(".table")) labelled(one);
  else for (const one of document.querySelectorAll(".second")) one.open = true;
  for (const link of document.querySelectorAll(".contents a")) {
    link.addEventListener("click", () => opened(byId(link.hash.slice(1))));
  }
}

/* Numbers, bars and dots lead to their tests. */
function ways() {
  for (const one of document.querySelectorAll('a[href="#tests"]')) {
    const told = new URLSearchParams(Object.entries(one.dataset));
    if (told.size) one.href = `#tests?${told}`;
  }
  document.addEventListener("click", (event) => {
    const mark = event.target.closest("svg [data-outcome], svg [data-category]");
    if (mark) location.hash = `#tests?${new URLSearchParams(Object.entries(mark.dataset))}`;
  });
}

/* The card that a reader has opened stands in the address. */
function cards() {
  for (const card of document.querySelectorAll("details[id]")) {
    card.querySelector("summary").addEventListener("click", () => remember(`#${(card.open ? card.closest(".part") : card).id}`));
  }
}

/* Each place opens in VS Code, once the reader has said where the app is on their computer. */
function editor() {
  const folder = byId("editor-folder");
  folder.addEventListener("change", () => {
    const root = folder.value.trim().replaceAll("\\", "/").replace(/\/+$/, "").replace(/^\/?/, "/");
    for (const code of document.querySelectorAll("code.place")) {
      const [, path, line] = code.textContent.match(/^([^/].*):(\d+)$/) || [];
      if (!path) continue;
      let link = code.closest("a");
      if (!link) {
        link = element("a");
        code.replaceWith(link);
        link.append(code);
      }
      link.dataset.web ??= link.getAttribute("href") || "";
      if (folder.value.trim()) link.href = `vscode://file${encodeURI(`${root}/${path}`)}:${line}`;
      else if (link.dataset.web) link.href = link.dataset.web;
      else link.removeAttribute("href");
    }
  });
}

function keys() {
  const help = byId("keys");
  const areOn = byId("keys-on");
  const causes = [...document.querySelectorAll(".cause")];
  let at = -1;
  const toCause = (step) => {
    if (!causes.length) return;
    at = Math.min(Math.max(at + step, 0), causes.length - 1);
    location.hash = `#${causes[at].id}`;
    causes[at].querySelector("a").focus({ preventScroll: true });
  };
  const actions = {
    "/": () => {
      opened(byId("tests"));
      byId("tests").scrollIntoView();
      byId("test-search").focus({ preventScroll: true });
    },
    j: () => toCause(1),
    k: () => toCause(-1),
    "?": () => help.showModal(),
  };
  byId("keys-open").hidden = false;
  byId("keys-open").addEventListener("click", actions["?"]);
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, select, textarea, dialog");
    const action = Object.hasOwn(actions, event.key) && actions[event.key];
    if (!action || isTyping || !areOn.checked || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/" && (!byId("test-table") || byId("test-table").hidden)) return;
    event.preventDefault();
    action();
  });
}

function printing() {
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = byId("print-all").checked ? [...document.querySelectorAll("details:not([open])")] : [];
    for (const one of opened) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of opened) one.open = false;
  });
}

/* What is of use only once the page can be seen. */
function comforts() {
  let table = null;
  document.body.dataset.drawn = "yes";
  testTable().then((made) => {
    table = made;
    if (location.hash) follow(table);
    document.body.dataset.ready = "yes";
  });
  addEventListener("hashchange", () => follow(table));
  copyButtons();
  contents();
  scrollers();
  ways();
  cards();
  keys();
  editor();
}

folding(); /* before the page is drawn */
printing();
/* By then the browser has gone to the fragment by itself, and the first frame is drawn. */
addEventListener("load", () => requestAnimationFrame(() => setTimeout(comforts)));
