/* leadcapture embed.js: one script for any website. What it does and how to paste it: docs/embedding.md */
(() => {
  "use strict";
  const tag = document.currentScript || document.querySelector('script[src*="/embed.js"]');
  if (!tag || !window.fetch || !window.WeakMap) return;
  const BASE = new URL(".", tag.src).href;
  const HOME = new URL(BASE).origin;
  const running = (window.leadcapture = window.leadcapture || {});
  if (running[BASE]) return;
  running[BASE] = true;

  const COOKIE = "cookie" in tag.dataset;
  const HOSTED = location.href.startsWith(BASE + "f/");
  const FRAMED = HOSTED && parent !== window;
  const TEXTS = {
    Sending: "Sending…",
    Sent: "Thank you. Your message has arrived.",
    Kept: "This is taking longer than usual. Your message is kept and will be sent as soon as possible.",
    Failed: "Your message could not be sent. Please check it and try again.",
  };
  const text = (name, form) => {
    const said = [form, form.getRootNode().host, tag].find((part) => part && part.dataset["text" + name]);
    return said ? said.dataset["text" + name] : TEXTS[name];
  };
  const pause = (seconds) =>
    new Promise((done) => {
      setTimeout(done, seconds * 1000);
      addEventListener("online", done, { once: true });
    });
  const uuid = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
  };

  // Storage: nothing at all without consent; in memory where the browser blocks it.
  const DAY = 864e5;
  const memory = {};
  let consented = true;
  const mayStore = () => consented && tag.dataset.consent !== "denied" && !navigator.globalPrivacyControl;
  const box = (area, key, value) => {
    const name = "leadcapture." + key;
    try {
      if (value === null) window[area].removeItem(name);
      else if (value !== undefined) window[area].setItem(name, JSON.stringify(value));
      else return JSON.parse(window[area].getItem(name));
    } catch (blocked) {
      if (value === undefined) return memory[name] || null;
      memory[name] = value;
    }
  };
  const keep = (key, value) => box("localStorage", key, value);
  const keepHere = (key, value) => box("sessionStorage", key, value);

  // Touches: a landing with a campaign, a click id or an external referrer.
  const CAMPAIGN = /[?&#](utm_\w+|gclid|gbraid|wbraid|dclid|fbclid|msclkid|ttclid|li_fat_id)=/i;
  const external = (url) => {
    if (!url) return false;
    const there = new URL(url);
    const [a, b] = [there, location].map((place) => place.hostname.replace(/^www\./, ""));
    return there.origin !== HOME && a !== b && !a.endsWith("." + b) && !b.endsWith("." + a);
  };
  const jar = () => {
    try {
      return JSON.parse(decodeURIComponent(/\blc_touch=([^;]+)/.exec(document.cookie)[1])) || {};
    } catch (none) {
      return {};
    }
  };
  const touch = (name) => {
    const kept = keep(name) || (COOKIE && jar()[name]);
    return kept && Date.now() - Date.parse(kept.at) < 90 * DAY ? kept : null;
  };
  // With data-cookie, the service (a subdomain of the website) keeps the touches in a cookie: it outlives storage.
  const mirror = (most) => {
    const cut = (text) => (text.length > most ? text.slice(0, most).replace(/[?&][^?&]*$/, "") : text);
    const kept = {};
    for (const name of mayStore() ? ["first", "last"] : []) {
      const one = touch(name);
      if (one) kept[name] = { url: cut(one.url), referrer: cut(one.referrer), at: one.at };
    }
    const said = JSON.stringify(kept);
    const coded = encodeURIComponent(said);
    if (coded.length > 3400) mirror(most / 2);
    else if (said !== JSON.stringify(jar())) new Image().src = BASE + "touch?t=" + coded;
  };
  const visit = (referrer) => {
    if (HOSTED) return;
    if (!mayStore()) {
      ["first", "last", "outbox"].forEach((key) => keep(key, null));
      keepHere("landing", null);
      return COOKIE && mirror();
    }
    const here = {
      url: location.href.slice(0, 4000),
      referrer: external(referrer) ? referrer : "",
      at: new Date().toISOString(),
    };
    const last = touch("last");
    const [way] = performance.getEntriesByType("navigation");
    const asked = (url) => String(url).replace(/^[^?#]*/, "");
    const again =
      last &&
      ((referrer && way && way.type !== "navigate") ||
        (keepHere("landing") && !here.referrer && asked(last.url) === asked(here.url)));
    if (!again && (here.referrer || CAMPAIGN.test(here.url))) {
      keep("last", here);
      if (!touch("first")) keep("first", here);
      keepHere("landing", here);
    } else if (!keepHere("landing")) keepHere("landing", here);
    if (COOKIE) mirror(4000);
  };

  // What a form tells us about where its visitor came from.
  let handed = {};
  const facts = () => {
    if (HOSTED) return handed;
    const out = { _page_url: location.href, _referrer: document.referrer };
    if (!mayStore()) return out;
    const [first, last, landing] = [touch("first"), touch("last"), keepHere("landing")];
    if (first) out._first_touch = JSON.stringify(first);
    if (last) out._last_touch = JSON.stringify(last);
    if (landing) {
      out._landing_url = landing.url;
      if (!external(out._referrer) && landing.referrer) out._referrer = landing.referrer;
    }
    return out;
  };

  // Forms: every form whose action is one of ours, whenever it was added.
  const states = new WeakMap();
  const busy = new Set();
  const state = (form) => states.get(form) || states.set(form, { id: uuid() }).get(form);
  const target = (form) => {
    if (!(form instanceof HTMLFormElement)) return "";
    const url = new URL(form.getAttribute("action") || "", document.baseURI).href;
    return url.startsWith(BASE + "f/") ? url : "";
  };
  const embedding = (form) => {
    if (form.getRootNode() instanceof ShadowRoot) return "inline";
    return FRAMED ? "frame" : HOSTED ? "hosted" : "decorate";
  };
  // A website's own fetch(new FormData(form)) may send several enquiries from one page: other answers, another id.
  const renew = (form, formData) => {
    const mine = state(form);
    const said = JSON.stringify([...formData].filter(([name, value]) => name[0] !== "_" && typeof value === "string"));
    if (mine.said && mine.said !== said) {
      drop(mine.id);
      mine.id = uuid();
    }
    mine.said = said;
  };
  const fill = (form, put) => {
    const values = { ...facts(), _embedding: embedding(form), _submission_id: state(form).id };
    for (const [name, value] of Object.entries(values)) {
      const field = form.elements.namedItem(name);
      const theirs = field && field.value && !(field.dataset && "lc" in field.dataset);
      if (!value || (theirs && values._embedding === "decorate")) continue;
      put(name, value);
    }
  };
  const hide = (form, name, value) => {
    let input = [...form.elements].find((one) => one.name === name && "lc" in one.dataset);
    if (!input) {
      input = document.createElement("input");
      input.type = "hidden";
      input.name = name;
      input.dataset.lc = "";
      form.append(input);
    }
    input.value = value;
  };
  const plainPost = (form, by) => {
    form.setAttribute("method", "post");
    if (by && by.name) hide(form, by.name, by.value);
    HTMLFormElement.prototype.submit.call(form);
  };

  // Messages at the fields and below the form.
  const note = (form, message, alarm) => {
    let line = form.querySelector(".lc-status");
    if (!message) return line && line.remove();
    if (!line) {
      line = document.createElement("p");
      line.className = "lc-status";
      form.append(line);
    }
    line.setAttribute("role", alarm ? "alert" : "status");
    line.textContent = message;
  };
  const forget = (form) => {
    form.querySelectorAll(".lc-error").forEach((line) => line.remove());
    form.querySelectorAll("[data-lc-invalid]").forEach((field) => {
      field.removeAttribute("aria-invalid");
      const described = field.dataset.lcInvalid;
      if (described) field.setAttribute("aria-describedby", described);
      else field.removeAttribute("aria-describedby");
      delete field.dataset.lcInvalid;
    });
  };
  const point = (form, errors, error) => {
    let rest = error || text("Failed", form);
    let first;
    for (const { field, message } of errors) {
      const found = form.elements.namedItem(field);
      const control = found instanceof RadioNodeList ? found[0] : found;
      if (!control || control.type === "hidden") {
        if (!rest.includes(message)) rest += " " + message;
        continue;
      }
      first = first || control;
      const line = document.createElement("span");
      line.className = "lc-error";
      line.id = "lc-" + uuid();
      line.textContent = message;
      (control.closest("label") || control).after(line);
      control.dataset.lcInvalid = control.getAttribute("aria-describedby") || "";
      control.setAttribute("aria-invalid", "true");
      control.setAttribute("aria-describedby", (control.dataset.lcInvalid + " " + line.id).trim());
    }
    note(form, rest, true);
    if (first) first.focus();
  };
  const lock = (form, on) => {
    busy[on ? "add" : "delete"](form);
    form.setAttribute("aria-busy", on);
    for (const button of form.elements) {
      if (button.type !== "submit" && button.type !== "image") continue;
      if (on ? !button.disabled : "lcOff" in button.dataset) {
        button.disabled = on;
        if (on) button.dataset.lcOff = "";
        else delete button.dataset.lcOff;
      }
    }
  };

  // Sending: `later` means that nobody knows whether it arrived; it is sent again with the same id.
  let refused = false;
  document.addEventListener("securitypolicyviolation", ({ blockedURI, effectiveDirective }) => {
    refused = refused || (blockedURI.startsWith(HOME) && effectiveDirective === "connect-src");
  });
  const send = async (url, body) => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 30000);
    try {
      const reply = await fetch(url, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
        signal: stop.signal,
      });
      if (reply.status === 429 || reply.status >= 500) {
        return { later: true, wait: +reply.headers.get("Retry-After") || 0 };
      }
      return { ok: reply.ok, ...(await reply.json()) };
    } catch (lost) {
      if (stop.signal.aborted || navigator.onLine === false) return { later: true };
      await pause(0.1);
      const alive = refused || (await fetch(BASE + "healthz", { mode: "no-cors" }).then(() => true, () => false));
      return alive ? { plain: true } : { later: true };
    } finally {
      clearTimeout(timer);
    }
  };
  const outbox = (change) => keep("outbox", change(keep("outbox") || []).slice(-20));
  const drop = (id) => outbox((kept) => kept.filter((entry) => entry.id !== id));
  const flush = async () => {
    for (const { id, url, body, at } of keep("outbox") || []) {
      for (let wait = 5; Date.now() - at < 7 * DAY; wait = Math.min(wait * 2, 300)) {
        const answer = await send(url, new URLSearchParams(body));
        if (answer.plain) return;
        if (!answer.later) break;
        await pause(Math.max(wait, answer.wait || 0));
      }
      drop(id);
    }
  };

  const go = (url) => /^https?:/.test(url) && location.assign(url);
  const arrive = (form, answer) => {
    const detail = { id: answer.id, next: answer.next };
    const sent = new CustomEvent("leadcapture:sent", { bubbles: true, composed: true, cancelable: true, detail });
    const next = answer.next && new URL(answer.next, BASE).href;
    states.delete(form);
    if (!form.dispatchEvent(sent)) return lock(form, false);
    const stays = !next || (next.startsWith(BASE) && embedding(form) === "inline");
    if (!stays && FRAMED && next.startsWith(BASE)) {
      return go(/[?&]embed=/.test(next) ? next : next + (next.includes("?") ? "&" : "?") + "embed=1");
    }
    if (!stays) return FRAMED ? tell({ leadcapture: "next", url: next }) : go(next);
    const line = document.createElement("p");
    line.className = "lc-sent";
    line.tabIndex = -1;
    line.setAttribute("role", "status");
    line.textContent = text("Sent", form);
    form.replaceWith(line);
    line.focus();
  };
  const submit = async (event) => {
    const form = event.target;
    const url = target(form);
    if (!url || event.defaultPrevented) return;
    event.preventDefault();
    if (busy.has(form)) return;
    const by = event.submitter;
    const data = new FormData(form);
    if (by && by.name) data.append(by.name, by.value);
    const mine = state(form);
    const files = [...data.values()].some((value) => value instanceof File && value.size);
    const body = () => (files ? data : new URLSearchParams([...data].filter(([, value]) => typeof value === "string")));
    forget(form);
    lock(form, true);
    note(form, text("Sending", form));
    let answer;
    for (let wait = 2; ; wait = Math.min(wait * 2, 60)) {
      answer = await send(url, body());
      if (!answer.later) break;
      const entry = { id: mine.id, url, body: files ? "" : String(body()), at: Date.now() };
      if (!files && mayStore()) outbox((kept) => [...kept.filter(({ id }) => id !== entry.id), entry]);
      note(form, text("Kept", form));
      await pause(Math.max(wait, answer.wait || 0));
    }
    drop(mine.id);
    if (answer.plain) return plainPost(form, by);
    note(form, "");
    if (answer.ok) return arrive(form, answer);
    lock(form, false);
    point(form, answer.errors || [], answer.error);
  };
  const listen = (root) => {
    root.addEventListener("submit", ({ target: form }) => target(form) && fill(form, hide.bind(null, form)), true);
    root.addEventListener("formdata", ({ target: form, formData }) => {
      if (!target(form)) return;
      renew(form, formData);
      fill(form, (name, value) => formData.set(name, value));
    });
    root.addEventListener("submit", submit);
  };

  // Our form in place of <div data-leadcapture="tour">: in a shadow root, or in a frame.
  const frames = [];
  // Light or dark as the page around it is; "1": as the visitor's system says, where the page is both.
  const theme = (place) => {
    const page = getComputedStyle(place).colorScheme || "";
    return place.dataset.theme || (!/dark/.test(page) ? "light" : /light/.test(page) ? "1" : "dark");
  };
  const frame = (place, url) => {
    const view = document.createElement("iframe");
    view.src = url + "?embed=" + theme(place);
    view.referrerPolicy = "origin";
    view.title = place.dataset.leadcaptureTitle || "Form";
    Object.assign(view.style, { width: "100%", height: "640px", border: "0", display: "block" });
    frames.push(view);
    place.replaceChildren(view);
  };
  let policy;
  const parsed = (html) => {
    policy = policy || (window.trustedTypes || { createPolicy: (_, own) => own }).createPolicy("leadcapture", {
      createHTML: (markup) => markup,
    });
    return new DOMParser().parseFromString(policy.createHTML(html), "text/html");
  };
  const inline = async (place, url) => {
    const reply = await fetch(url + "?embed=inline").catch(() => pause(0.1));
    if (!reply && refused) return frame(place, url);
    if (reply && reply.status === 503) return pause(5).then(() => inline(place, url));
    if (!reply || !reply.ok) return console.error("leadcapture: no form for this page at", url, "(is this website in allowed_origins?)");
    try {
      const page = parsed(await reply.text());
      page.querySelectorAll("script").forEach((script) => script.remove());
      for (const name of ["href", "src"]) {
        for (const part of page.querySelectorAll(`[${name}]`)) {
          part.setAttribute(name, new URL(part.getAttribute(name), url).href);
        }
      }
      page.querySelector("form").setAttribute("action", url);
      place.dataset.theme = theme(place);
      const root = place.attachShadow({ mode: "open" });
      root.append(...page.head.children, ...page.body.childNodes);
      listen(root);
    } catch (forbidden) {
      frame(place, url);
    }
  };
  const placed = new WeakSet();
  const scan = () => {
    for (const place of document.querySelectorAll("[data-leadcapture]")) {
      if (placed.has(place) || place === tag) continue;
      placed.add(place);
      const url = BASE + "f/" + encodeURIComponent(place.dataset.leadcapture);
      (place.dataset.leadcaptureMode === "frame" ? frame : inline)(place, url);
    }
  };

  // The frame and the page around it: each checks the other's origin.
  const around = () => {
    if (location.ancestorOrigins && location.ancestorOrigins.length) return location.ancestorOrigins[0];
    return document.referrer ? new URL(document.referrer).origin : "";
  };
  const tell = (message) => parent.postMessage(message, "*"); // nothing private in it
  const handOver = (view) => {
    view.contentWindow.postMessage({ leadcapture: "facts", facts: facts(), consented: mayStore() }, HOME);
  };
  addEventListener("message", ({ data, origin, source }) => {
    const what = data && data.leadcapture;
    const view = what && frames.find((one) => one.contentWindow === source);
    if (view && origin === HOME) {
      if (what === "hello") handOver(view);
      if (what === "height") view.style.height = Math.min(Math.max(+data.height || 0, 50), 20000) + "px";
      if (what === "next") go(String(data.url));
    } else if (what === "facts" && FRAMED && source === parent && origin === around()) {
      consented = data.consented !== false;
      handed = {};
      for (const [name, value] of Object.entries(data.facts || {})) {
        if (/^_[a-z_]+$/.test(name) && typeof value === "string") handed[name] = value;
      }
      if (mayStore()) flush();
    }
  });

  const moved = (referrer = "") => {
    visit(referrer);
    frames.forEach((view) => view.contentWindow && handOver(view));
  };
  visit(document.referrer);
  listen(document);
  addEventListener("popstate", () => moved());
  const push = history.pushState;
  history.pushState = function (...change) {
    push.apply(this, change);
    moved();
  };
  new MutationObserver(() => moved(document.referrer)).observe(tag, { attributes: true, attributeFilter: ["data-consent"] });
  addEventListener("pageshow", ({ persisted }) => persisted && [...busy].forEach((form) => (lock(form, false), note(form, ""))));
  const start = () => {
    scan();
    new MutationObserver(scan).observe(document.documentElement, { childList: true, subtree: true });
    if (FRAMED) {
      const size = () => {
        const { bottom } = document.body.getBoundingClientRect();
        const margin = parseFloat(getComputedStyle(document.body).marginBottom) || 0;
        tell({ leadcapture: "height", height: Math.ceil(bottom + scrollY + margin) });
      };
      if (window.ResizeObserver) new ResizeObserver(size).observe(document.body);
      size();
      tell({ leadcapture: "hello" });
    }
    if (!FRAMED && mayStore()) flush();
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})();
