/* The browser's half of `broadsheet serve`: keeps the page in step with the site, and shows the
   preview bar and what is wrong. The server's half is described beside it, in this package. */
(() => {
  "use strict";

  const own = document.currentScript;
  let tag = own.dataset.page;
  const store = (name) => {
    try {
      return window[name];
    } catch {
      return {}; // a browser that blocks cookies forbids both; the preview then forgets
    }
  };
  const tab = store("sessionStorage");
  const everywhere = store("localStorage");
  const make = (name, fields, ...children) => {
    const element = Object.assign(document.createElement(name), fields);
    element.append(...children);
    return element;
  };

  // ---- The snapshot: the page as the server sent it, each node with its live twin.
  // Differences are sought here, since scripts may have changed the live page.

  let snapshot;
  const twins = new WeakMap();

  const parse = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    page.querySelector('script[src="/@preview/preview.js"]')?.remove();
    // Without scripting <noscript> holds elements; in a live page they would come to life.
    for (const box of page.querySelectorAll("noscript")) box.textContent = box.innerHTML;
    page.documentElement.normalize();
    return page;
  };

  // A script may have put things between: those are passed over, and have no twin.
  const pair = (node, live) => {
    twins.set(node, live);
    let next = live.firstChild;
    const seek = (fits) => {
      for (let it = next; it; it = it.nextSibling) if (fits(it)) return it;
    };
    for (const child of node.childNodes) {
      const twin =
        seek((it) => it.isEqualNode(child)) ?? seek((it) => it.nodeName === child.nodeName);
      if (!twin) continue;
      pair(child, twin);
      next = twin.nextSibling;
    }
  };

  const isCode = (node) =>
    node.nodeName === "SCRIPT" && /^$|javascript|^module$|^importmap$|rules$/i.test(node.type);
  const isSheet = (node) => node.nodeName === "LINK" && node.relList.contains("stylesheet");

  const takeSnapshot = async () => {
    const { previousSibling: before, nextSibling: after } = own;
    own.remove();
    if (before?.nodeType === 3 && after?.nodeType === 3) {
      before.appendData(after.data); // one text, as in the page without this script
      after.remove();
    }
    snapshot = document.documentElement.cloneNode(true);
    // Where scripts ran before this one, the clone holds their work: take what the server sent.
    const [visit] = performance.getEntriesByType("navigation");
    if (visit?.responseStatus === 200 && [...document.scripts].some(isCode)) {
      const answer = await fetch(location.href, { cache: "force-cache" }).catch(() => null);
      const html = (await answer?.text().catch(() => "")) ?? "";
      if (html.includes(`data-page="${tag}"`)) snapshot = parse(html).documentElement;
    }
    pair(snapshot, document.documentElement);
  };

  // ---- Patching: the smallest parts that differ. What cannot be patched throws, and reloads.

  const twin = (node) => {
    const live = twins.get(node);
    const moved = node !== snapshot && live?.parentNode !== twins.get(node.parentNode);
    if (!live?.isConnected || moved) throw new Error("a script has moved this");
    return live;
  };

  const refuseCode = (node) => {
    if (isCode(node) || [...(node.querySelectorAll?.("script") ?? [])].some(isCode))
      throw new Error("a script runs only in a new page");
  };

  const likeness = (a, b) => {
    if (a.isEqualNode(b)) return a.nodeType === 1 ? 4 : 2;
    if (a.nodeName !== b.nodeName || a.id !== b.id || a.rel !== b.rel) return 0;
    return isSheet(a) ? 3 : 1;
  };

  // The pairs [old, new] of the best alignment, in order; one side is missing where a node goes
  // or comes. Longest common subsequence, weighted by likeness.
  const align = (old, now) => {
    const rows = old.length * now.length > 250000 ? 0 : old.length;
    const like = old.slice(0, rows).map((a) => now.map((b) => likeness(a, b)));
    const best = Array.from({ length: old.length + 1 }, () => new Array(now.length + 1).fill(0));
    for (let i = rows - 1; i >= 0; i--)
      for (let j = now.length - 1; j >= 0; j--)
        best[i][j] = Math.max(
          best[i + 1][j],
          best[i][j + 1],
          like[i][j] && like[i][j] + best[i + 1][j + 1],
        );
    const pairs = [];
    for (let i = 0, j = 0; i < old.length || j < now.length; ) {
      const both = like[i]?.[j] && best[i][j] === like[i][j] + best[i + 1][j + 1];
      const goes = !both && (j === now.length || best[i + 1]?.[j] === best[i][j]);
      pairs.push([goes || both ? old[i++] : null, goes ? null : now[j++]]);
    }
    return pairs;
  };

  const waiting = new Map(); // a stylesheet that loads → those it will replace
  const swapSheet = (live, fresh) => {
    const stale = [live, ...(waiting.get(live) ?? [])];
    const done = () => {
      for (const sheet of stale) sheet.remove();
      waiting.delete(fresh);
    };
    waiting.set(fresh, stale);
    fresh.addEventListener("load", done);
    fresh.addEventListener("error", done);
    live.after(fresh);
  };

  const patchAttributes = (nodes, fresh) => {
    const [old] = nodes;
    for (const { name } of [...old.attributes])
      if (!fresh.hasAttribute(name)) for (const node of nodes) node.removeAttribute(name);
    for (const attribute of fresh.attributes)
      if (old.getAttribute(attribute.name) !== attribute.value)
        // as a node, with its namespace, and with a name that setAttribute may refuse
        for (const node of nodes) node.setAttributeNode(attribute.cloneNode());
  };

  const patchChildren = (node, live, fresh) => {
    const old = [...node.childNodes];
    const now = [...fresh.childNodes];
    const same = (i, j) => old.at(i).isEqualNode(now.at(j));
    const shorter = Math.min(old.length, now.length);
    let head = 0;
    while (head < shorter && same(head, head)) head++;
    let tail = 0;
    while (tail < shorter - head && same(-1 - tail, -1 - tail)) tail++;
    let last = old[head - 1];
    const middle = (list) => list.slice(head, list.length - tail);
    for (const [gone, come] of align(middle(old), middle(now))) {
      if (gone && come) patch(gone, come);
      else refuseCode(gone ?? come);
      if (gone && !come) {
        twin(gone).remove();
        gone.remove();
      } else if (gone) {
        last = gone;
      } else {
        const copy = document.importNode(come, true);
        // beside what stood there before, so that what a script has added stays at its place
        last ? twin(last).after(copy) : live.prepend(copy);
        last ? last.after(come) : node.prepend(come);
        pair(come, copy);
        last = come;
      }
    }
  };

  const patch = (node, fresh) => {
    if (node.isEqualNode(fresh)) return;
    if (isCode(node) || isCode(fresh)) refuseCode(node);
    const live = twin(node);
    if (node.nodeType !== 1) {
      node.data = live.data = fresh.data;
    } else if (isSheet(node) && node.getAttribute("href") !== fresh.getAttribute("href")) {
      const link = document.importNode(fresh);
      swapSheet(live, link);
      patchAttributes([node], fresh);
      twins.set(node, link);
    } else {
      patchAttributes([node, live], fresh);
      patchChildren(node, live, fresh);
    }
  };

  // What is being read stays where it is; most browsers see to that themselves.
  const steadily = (change) => {
    const anchored = getComputedStyle(document.documentElement).overflowAnchor === "auto";
    const read =
      !anchored && scrollY > 0 && document.elementFromPoint(innerWidth / 2, innerHeight / 3);
    const top = () => read.getBoundingClientRect().top;
    const before = read && top();
    change();
    if (read?.isConnected) scrollBy({ top: top() - before, behavior: "instant" });
  };

  const reload = () => {
    disconnect();
    tab.broadsheetScroll = JSON.stringify([location.pathname, scrollX, scrollY]);
    location.reload();
  };

  const restoreScroll = () => {
    const [path, left, top] = JSON.parse(tab.broadsheetScroll ?? "[]");
    delete tab.broadsheetScroll;
    // Elsewhere than at the top, the browser or the reader has scrolled already.
    if (path === location.pathname && scrollY === 0) scrollTo({ left, top, behavior: "instant" });
  };

  // isEqualNode does not look into templates
  const templates = (page) =>
    [...page.querySelectorAll("template")].map((it) => it.innerHTML).join("\n");

  const showPage = (page) => {
    const fresh = parse(page.html);
    try {
      if (fresh.compatMode !== document.compatMode) throw new Error("another doctype");
      if (templates(fresh) !== templates(snapshot)) throw new Error("a script may have used it");
      steadily(() => patch(snapshot, fresh.documentElement));
      tag = page.tag;
    } catch {
      reload();
    }
  };

  // ---- Files that changed at the same address

  const refreshFiles = (files) => {
    const changed = new Set(files.map((file) => new URL(file, location.href).pathname));
    const renewed = (address) => {
      const url = new URL(address, document.baseURI);
      if (url.origin !== location.origin || !changed.has(url.pathname)) return address;
      url.searchParams.set("v", Date.now());
      return url.href;
    };
    const links = [...snapshot.querySelectorAll("link")];
    for (const live of [...document.querySelectorAll("link[href]")].filter(isSheet)) {
      const href = renewed(live.href);
      if (href === live.href || [...waiting.values()].flat().includes(live)) continue;
      const fresh = Object.assign(live.cloneNode(), { href });
      const node = links.find((link) => twins.get(link) === live);
      if (node) twins.set(node, fresh);
      swapSheet(live, fresh);
    }
    for (const it of document.querySelectorAll("img, source, video, audio, link[rel~=icon]")) {
      for (const name of ["src", "srcset", "poster", "href"]) {
        const value = it.getAttribute(name);
        if (!value) continue;
        const one = name === "srcset" ? /[^\s,]\S*[^\s,]/g : /.+/s;
        const fresh = value.replace(one, renewed);
        if (fresh === value) continue;
        it.setAttribute(name, fresh);
        it.parentNode.load?.(); // a <source> is read again only when its <video> is told
      }
    }
  };

  // ---- Files that something stood in for (status 203) until they were made
  // Word that one is made, or that something better stands in, may come before the other is there.

  const standIns = new Map(); // path, decoded → as the page has it
  const awaited = new Set();
  const decoded = (path) => {
    try {
      return decodeURIComponent(path);
    } catch {
      return path;
    }
  };

  const showMade = (files) => {
    const shown = [];
    for (const path of files.map(decoded)) {
      if (standIns.has(path)) shown.push(standIns.get(path));
      else awaited.add(path);
      standIns.delete(path);
    }
    if (shown.length) refreshFiles(shown);
  };

  new PerformanceObserver((list) => {
    const shown = [];
    for (const { name, responseStatus } of list.getEntries()) {
      if (responseStatus !== 203) continue;
      const path = new URL(name).pathname;
      if (awaited.delete(decoded(path))) shown.push(path);
      else standIns.set(decoded(path), path);
    }
    if (shown.length) refreshFiles(shown);
  }).observe({ type: "resource", buffered: true });

  // ---- The overlay and the bar, in a shadow root beside the body: no style of the site enters

  const host = document.createElement("broadsheet-preview");
  const root = host.attachShadow({ mode: "open" });
  const style = new CSSStyleSheet(); // a <style> could be forbidden by the site's own policy
  style.replaceSync(`
    :host { all: initial !important; direction: ltr !important; position: fixed !important;
      inset: auto 8px 8px auto !important; z-index: 2147483647 !important;
      color-scheme: light dark !important; color: light-dark(#1c1c1c, #f1f1f1) !important;
      font: 13px/1.45 system-ui, sans-serif !important; }
    aside, .overlay { --line: 1px solid light-dark(#8a8a8a, #777); --soft: light-dark(#555, #c4c4c4);
      --link: light-dark(#0b57d0, #9cc1ff); --bad: light-dark(#b3261e, #ff8a80);
      --wait: light-dark(#b26a00, #ffb74d); --face: light-dark(#f3f3f3, #333); }
    * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    .sheet, .panel, .pill, .moved { background: light-dark(#fff, #222); border: var(--line);
      border-radius: 8px; box-shadow: 0 2px 12px #0004; overflow: auto; overflow-wrap: anywhere; }
    .overlay { position: fixed; inset: 0; padding: 4vh 16px 56px; background: #0008; }
    .sheet { max-width: 860px; max-height: 100%; margin: auto; padding: 16px;
      border-top: 4px solid var(--bad); }
    aside { display: flex; flex-direction: column; align-items: end; gap: 6px; }
    .panel { width: min(380px, 100vw - 16px); max-height: min(75vh, 560px); padding: 12px; }
    h2, h3, p, ul, pre { margin: 0 0 8px; font-size: inherit; }
    h3 { margin-top: 16px; }
    h3, pre { font-family: ui-monospace, monospace; }
    ul { padding-left: 18px; }
    section.warning { margin-top: 16px; padding-top: 12px; border-top: var(--line); }
    section.warning mark { background: light-dark(#ffecc7, #4a3510); }
    ul ul { color: var(--soft); }
    pre { overflow: auto; padding: 6px 0; background: var(--face); }
    pre > * { display: block; width: max-content; min-width: 100%; padding: 0 10px;
      font: inherit; color: inherit; background: none; }
    mark { background: light-dark(#ffdad6, #5c1a16); font-weight: bold; }
    pre span { display: inline-block; min-width: 5ch; user-select: none; color: var(--soft); }
    a { color: var(--link); }
    label { display: flex; gap: 6px; padding: 3px 0; }
    input, button { font: inherit; accent-color: var(--link); }
    [readonly] { width: 100%; margin-bottom: 6px; }
    button { color: inherit; background: var(--face); border: var(--line); border-radius: 6px;
      padding: 3px 10px; cursor: pointer; }
    :focus-visible { outline: 2px solid var(--link); outline-offset: 1px; }
    .close { float: right; position: sticky; top: 0; }
    .pill { display: flex; gap: 8px; align-items: center; max-width: calc(100vw - 16px);
      min-height: 26px; border-radius: 13px; white-space: nowrap; }
    .moved { margin: 0; padding: 8px 12px; border-left: 4px solid var(--wait); }
    @media (max-width: 480px) {
      :host { inset: auto 0 0 auto !important; }
      .pill:not(:has([hidden])) { width: 100vw; max-width: none; border-width: 1px 0 0;
        border-radius: 0; box-shadow: none; }
      .panel, .moved { margin: 0 8px; } }
    .pill span { overflow: hidden; text-overflow: ellipsis; }
    i { flex: none; width: 10px; height: 10px; border-radius: 50%; forced-color-adjust: none;
      background: light-dark(#18794e, #4cc38a); }
    .trouble { background: var(--bad); border-radius: 2px; }
    .connecting, .busy { background: var(--wait); animation: breathe 1.2s infinite alternate; }
    @keyframes breathe { to { opacity: 0.3; } }
    @media (prefers-reduced-motion: reduce) { i { animation: none !important; } }
    @media print { :host { display: none !important; } }`);
  root.adoptedStyleSheets = [style];
  // Room below the page's end, so that the bar lies over nothing that is read there.
  const room = new CSSStyleSheet();
  room.replaceSync("@media screen { html { padding-bottom: 44px; scroll-padding-bottom: 44px } }");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, room];

  const section = () => make("div", { hidden: true });
  const fill = (box, ...children) => {
    box.replaceChildren(...children);
    box.hidden = !children.length;
  };
  const setting = (key, label) => {
    const box = make("input", { type: "checkbox" });
    box.onchange = () => {
      everywhere[key] = box.checked ? "yes" : "";
      draw();
    };
    return [box, make("label", {}, box, label)];
  };
  const [navigateBox, navigateLabel] = setting(
    "broadsheetNavigate",
    "Go to the article just saved",
  );
  const [dotBox, dotLabel] = setting("broadsheetDot", "Fold the bar to a dot");
  const dot = make("i", { role: "img" });
  const says = make("span");
  const pill = make("button", { type: "button", className: "pill" }, dot, says);
  const busyBox = make("p", { role: "status" });
  const movedBox = make("p", { role: "status", className: "moved", hidden: true });
  const [problemBox, warningBox, relatedBox, sourceBox] = Array.from({ length: 4 }, section);
  const parts = [busyBox, problemBox, warningBox, relatedBox, sourceBox, navigateLabel, dotLabel];
  const panel = make("div", { className: "panel", hidden: true }, ...parts);
  const overlay = make("div", { className: "overlay", role: "alert", hidden: true });
  root.append(
    overlay,
    make("aside", { ariaLabel: "Broadsheet preview" }, movedBox, panel, pill),
  );

  let online = false;
  let info = null;
  let problems = [];
  let errors = [];
  let busy = "";
  let navigates = false;
  const count = (list, noun) => list.length && `${list.length} ${noun}${list.length > 1 ? "s" : ""}`;
  const list = (items) => make("ul", {}, ...items.map((item) => make("li", {}, item)));
  const heading = (text) => make("h2", {}, text);

  const draw = () => {
    const state = !online ? "connecting" : errors.length ? "trouble" : busy ? "busy" : "connected";
    const open = tab.broadsheetOpen === "yes";
    navigateBox.checked = (everywhere.broadsheetNavigate ?? (navigates ? "yes" : "")) === "yes";
    dotBox.checked = everywhere.broadsheetDot === "yes";
    Object.assign(dot, { className: state, ariaLabel: `Preview: ${state}`, title: state });
    const { publication, figures, warnings = [] } = info ?? {};
    const words = [count(errors, "error"), publication, count(warnings, "warning"), figures];
    says.textContent = words.filter(Boolean).join(" · ") || "Preview";
    says.hidden = dotBox.checked && !open;
    pill.ariaExpanded = String(open);
    panel.hidden = !open;
    busyBox.textContent = busy;
    busyBox.hidden = !busy;
  };

  const showInfo = (fresh) => {
    info = fresh;
    const warnings = info?.warnings ?? [];
    fill(warningBox, ...(warnings.length ? [heading("Warnings"), list(warnings)] : []));
    if (!info?.source) return fill(sourceBox, make("p", {}, "Not made from one file."));
    const field = make("input", { readOnly: true, value: info.source, ariaLabel: "Source" });
    const copy = make("button", { type: "button" }, "Copy path");
    copy.onclick = async () => {
      field.select(); // so that it can be copied by hand where the browser does not allow it
      field.focus();
      await navigator.clipboard?.writeText(field.value).then(
        () => (copy.textContent = "Copied"),
        () => {},
      );
    };
    fill(sourceBox, heading("Source"), field, make("p", {}, copy));
  };

  const showMove = (move) => {
    movedBox.hidden = !move;
    if (!move) return;
    const now = make("a", { href: move.url, dir: "auto" }, decodeURI(move.url));
    const words = move.url ? ["This page has moved to ", now] : [`${move.file} is shown no more.`];
    movedBox.replaceChildren(...words);
  };

  let asked = "";
  const showRelated = async () => {
    if (panel.hidden) return;
    const path = encodeURIComponent(location.pathname);
    const answer = await fetch(`/@preview/why?path=${path}`).catch(() => null);
    const rows = (answer?.ok && (await answer.json().catch(() => null))) || [];
    if (asked === JSON.stringify(rows)) return; // do not take the focus from a link for nothing
    asked = JSON.stringify(rows);
    const items = rows.map(({ title, url, lines }) => {
      const item = make("span", {}, make("a", { href: url, dir: "auto" }, title));
      if (lines.length) item.append(list(lines));
      return item;
    });
    fill(relatedBox, ...(items.length ? [heading("Related"), list(items)] : []));
  };

  const openPanel = (open) => {
    tab.broadsheetOpen = open ? "yes" : "";
    draw();
    showRelated();
  };

  const openOverlay = (open) => {
    tab.broadsheetClosed = open ? "" : JSON.stringify(problems);
    overlay.hidden = !open;
  };

  const excerpt = ({ line, lines }) =>
    make(
      "pre",
      { tabIndex: 0 },
      ...lines.map(([number, text]) =>
        make(number === line ? "mark" : "code", {}, make("span", {}, `${number} `), text || " "),
      ),
    );

  const group = (some, noun) =>
    some.length ? [make("section", { className: noun }, heading(count(some, noun)), ...some.flatMap(said))] : [];

  const said = (problem) => [
    make("h3", {}, problem.file + (problem.line ? `:${problem.line}` : "")),
    make("p", {}, problem.what),
    ...(problem.lines?.length ? [excerpt(problem)] : []),
    ...(problem.remedy ? [make("p", {}, problem.remedy)] : []),
  ];

  const showProblems = (fresh) => {
    if (JSON.stringify(fresh) === JSON.stringify(problems)) return;
    problems = fresh;
    const close = make("button", { type: "button", className: "close" }, "Close (Esc)");
    close.onclick = () => openOverlay(false);
    errors = problems.filter((problem) => !problem.is_warning);
    const warnings = problems.filter((problem) => problem.is_warning);
    const groups = [group(errors, "error"), group(warnings, "warning")];
    const sheet = make("div", { className: "sheet", tabIndex: 0 }, close, ...groups.flat());
    const again = make("button", { type: "button" }, "Show the errors");
    again.onclick = () => openOverlay(true);
    fill(problemBox, ...(errors.length ? [make("p", {}, again)] : []));
    overlay.replaceChildren(sheet);
    overlay.hidden = !errors.length || tab.broadsheetClosed === JSON.stringify(problems);
  };

  pill.onclick = () => openPanel(panel.hidden);
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (!overlay.hidden) return openOverlay(false);
    if (panel.hidden || !root.activeElement) return;
    openPanel(false);
    pill.focus();
  });

  // ---- Messages

  const follow = (saved) => {
    const seen = tab.broadsheetSeen;
    tab.broadsheetSeen = saved?.number ?? seen ?? 0;
    if (!saved || seen === undefined || saved.number <= seen || !navigateBox.checked) return;
    const target = new URL(saved.url, location.href);
    if (target.pathname !== location.pathname) location.assign(target.pathname);
  };

  const receive = (message) => {
    if (message.page) showPage(message.page);
    if (message.files) refreshFiles(message.files);
    if (message.made) showMade(message.made);
    if (message.problems) showProblems(message.problems);
    if ("info" in message) showInfo(message.info);
    if ("moved" in message) showMove(message.moved);
    navigates = message.navigate ?? navigates;
    busy = message.busy ?? busy;
    draw();
    follow(message.saved);
    if (message.page || "busy" in message) showRelated();
  };

  let stream, retry, rest;
  let pause = 300;
  const disconnect = () => {
    clearTimeout(retry);
    stream?.close();
    stream = undefined;
    online = false;
  };
  const connect = () => {
    disconnect();
    const seen = tab.broadsheetSeen ?? "";
    const query = new URLSearchParams({ path: location.pathname, page: tag, saved: seen });
    stream = new EventSource(`/@preview/events?${query}`);
    stream.onmessage = ({ data }) => {
      pause = 300;
      online = true;
      receive(JSON.parse(data));
    };
    // The browser would ask again with the old address, and so with an old tag.
    stream.onerror = () => {
      disconnect();
      draw();
      retry = setTimeout(connect, pause);
      pause = Math.min(pause * 2, 2000);
    };
  };
  // A browser opens six connections to a host: tabs that nobody sees must not hold them.
  const attend = () => {
    clearTimeout(rest);
    if (document.hidden) rest = setTimeout(disconnect, 1000);
    else if (!stream) connect();
  };

  takeSnapshot().then(() => {
    document.documentElement.append(host);
    draw();
    attend();
    document.addEventListener("visibilitychange", attend);
    addEventListener("pagehide", disconnect);
    addEventListener("pageshow", (event) => event.persisted && attend());
  });
  addEventListener("load", restoreScroll);
})();
