/*! angebot-suche @VERSION@, part of netzlotse. MIT licence. */
/*
 * A search in offers for single parents, around a plain <form>: without script, the form works.
 * Asks one host only, the one named in `api`; no cookies, no storage, no referrer, no innerHTML.
 * Keys: ARIA Authoring Practices, "editable combobox with list autocomplete", manual selection.
 */
const KEYS = "@KEYS@".split(" ");
const WORDS = { /* @WORDS@ */ };
const FILTERS = "region network source topic format district city postcode cost registration childcare exclusivity mode language audience wheelchair open near radius sort".split(" ");
const COLOURS = "accent on-accent text surface border link".split(" ");
// Where an area code ends, which the number does not say (a test compares with phonenumbers).
const AREA = /^\+49(3[02]|40|[68]9|1[67]\d|2(?:0[1-389]|12(?!9)|[13]4|[28]8)|[24-9][1-9]1|800|906|3(?:[35-9][15]|4[015])|3(?:3(?:0[1-467]|2[127-9]|3[124578]|[46][1246]|7[1257-9]|8[1256]|9[145])|4(?:2[135]|3[1357]|4[13578]|6[1246]|7[1356]|9[1346])|5(?:0[14]|2[1-3589]|3[1357]|[49][1246]|6[1-4]|7[13468]|8[13568])|6(?:0[1356]|2[1-489]|3[124-6]|4[1347]|6[13]|7[12579]|8[1-356]|9[135])|7(?:2[1-7]|3[1357]|4[145]|6[1-5]|7[1-4])|8(?:21|3[1468]|4[1347]|6\d|7[1467]|8[136])|9(?:0[12479]|2[1358]|3[1357]|4[134679]|6[1-9]|7[136]|8[147]|9[1468]))|3\d{4}|15[03-68]\d\d|(?![79]00)[24-9]\d{3}|15\d\d)/;
const PAUSE = 150; // ms without a key before suggestions are asked for
const PATIENCE = 15000; // ms until an answer counts as lost

const STYLE = `
:host{display:block!important}
:host([hidden]){display:none!important}
.root{all:initial;display:block;color-scheme:inherit;color:var(--as-text,inherit);font-family:inherit;font-size:max(1em,14px);line-height:1.5;overflow-wrap:anywhere}
*{box-sizing:border-box}
form{display:flex;flex-wrap:wrap;gap:.6em;align-items:end;margin:0}
.field{position:relative;flex:1 1 13em;min-width:0}
label{display:block;margin:0 0 .25em;font-weight:600}
input,button{min-height:44px;margin:0;padding:.4em .8em;border:1px solid var(--as-border,currentColor);border-radius:var(--as-radius,.4em);color:inherit;font:inherit}
input{width:100%;background:var(--as-surface,transparent);font-size:max(1em,16px)}
button{background:var(--as-accent,transparent);color:var(--as-on-accent,inherit);font-weight:600;cursor:pointer}
:focus-visible{outline:3px solid currentColor;outline-offset:2px}
ul{position:absolute;z-index:9;top:100%;left:0;right:0;max-height:18em;overflow:auto;margin:.2em 0 0;padding:.2em;list-style:none;background:var(--as-surface,Canvas);color:var(--as-text,CanvasText);border:1px solid;border-radius:var(--as-radius,.4em)}
li[role]{display:flex;align-items:center;min-height:44px;padding:.3em .6em;cursor:pointer}
li[role]:hover{text-decoration:underline}
[aria-selected=true]{outline:3px solid;outline-offset:-3px}
[hidden]{display:none}
p{margin:.8em 0 0}
ol{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,19em),1fr));gap:.8em;margin:.8em 0 0;padding:0;list-style:none}
article{height:100%;padding:.9em 1em;border:1px solid var(--as-border,#8888);border-radius:var(--as-radius,.4em)}
.title{margin:0;font-size:1.1em;line-height:1.3;font-weight:700}
a{color:var(--as-link,inherit)}
.phone,.link{display:inline-block;min-height:24px}
article p{margin:.3em 0 0}
dl{display:grid;grid-template-columns:auto 1fr;gap:.2em .8em;margin:.5em 0 0}
dt{font-weight:600}
dd{margin:0}
small{font-size:max(.85em,13px)}
@media print{form,button{display:none}.title a::after{content:" (" attr(href) ")";font-weight:400}}`;

const make = (tag, attributes, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) node.setAttribute(name, value);
  }
  node.append(...children.filter(Boolean));
  return node;
};

class AngebotSuche extends HTMLElement {
  #words = {};
  #options = [];
  #active = -1;
  #asking = null;
  #searching = null;
  #timer = 0;

  connectedCallback() {
    if (this.shadowRoot) return;
    // While the page still loads, what is inside may not have been read yet.
    if (document.readyState === "loading") {
      document.addEventListener("DOMContentLoaded", () => this.#start(), { once: true });
    } else {
      this.#start();
    }
  }

  #start() {
    const form = this.querySelector("form");
    const action = form && form.getAttribute("action");
    const api = this.getAttribute("api") || action;
    if (!api || this.shadowRoot) return;
    this.base = new URL(api.replace(/\/*$/, "/"), location);
    this.page = new URL(action || this.base, location);
    const language = ((this.closest("[lang]") || document.documentElement).lang || "de").split("-")[0];
    const given = this.getAttribute("words") || WORDS[language];
    const said = (given || WORDS.de).split("|");
    this.#words = Object.fromEntries(KEYS.map((key, index) => [key, said[index]]));
    this.language = given ? language : "de";
    this.filters = FILTERS.flatMap((name) => (this.getAttribute(name) || "").split(",").filter(Boolean).map((value) => [name, value.trim()]));
    for (const field of form ? form.querySelectorAll("input[type=hidden]") : []) {
      if (!this.filters.some(([name, value]) => name === field.name && value === field.value)) {
        this.filters.push([field.name, field.value]);
      }
    }
    this.#build(form);
  }

  #build(form) {
    const words = this.#words;
    const of = (name) => form && form.querySelector(`input[name=${name}]:not([type=hidden])`);
    const said = (field) => field && field.labels.length ? field.labels[0].textContent.trim() : "";
    const given = of("q");
    const nearby = of("near");
    this.input = make("input", {
      id: "q", name: "q", part: "input", role: "combobox", maxlength: 500, autocomplete: "off", enterkeyhint: "search",
      spellcheck: "false", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "list",
      placeholder: given && given.getAttribute("placeholder"),
    });
    this.input.value = (given && given.value) || this.getAttribute("q") || "";
    this.list = make("ul", { id: "list", part: "listbox", role: "listbox", "aria-label": words.hints, hidden: "" });
    const label = said(given) || words.query;
    this.near = nearby && make("input", { id: "near", name: "near", part: "input", maxlength: 100, autocomplete: "postal-code" });
    if (this.near) this.near.value = nearby.value;
    const button = form && form.querySelector("button,[type=submit]");
    this.form = make("form", { part: "form", role: "search", "aria-label": words.title, action: this.page, method: "get", rel: "noreferrer" },
      make("div", { class: "field" }, make("label", { for: "q", part: "label" }, label), this.input, this.list),
      this.near && make("div", { class: "field" }, make("label", { for: "near", part: "label" }, said(nearby) || words.near), this.near),
      ...this.filters.filter(([name]) => name !== "near" || !this.near).map(([name, value]) => make("input", { type: "hidden", name, value })),
      make("button", { part: "button" }, (button && button.textContent.trim()) || words.go));
    this.status = make("p", { part: "status", role: "status" });
    this.results = make("ol", { part: "results", hidden: "" });
    this.more = make("button", { part: "more", type: "button", hidden: "" }, words.more);
    this.link = make("a", { class: "link", part: "link", rel: "noreferrer" }, words.all);
    this.root = make("div", { class: "root", lang: this.language, dir: /^(ar|fa|he|ur)$/.test(this.language) && "rtl" },
      this.form, this.status, this.results, make("p", {}, this.more), make("p", {}, this.link));
    for (const name of COLOURS) {
      if (this.hasAttribute(name)) this.root.style.setProperty(`--as-${name}`, this.getAttribute(name));
    }
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    const shadow = this.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [sheet];
    shadow.append(this.root);
    this.#listen();
    this.#point();
    if (this.hasAttribute("auto")) {
      const watch = new IntersectionObserver(([seen]) => {
        if (!seen.isIntersecting) return;
        watch.disconnect();
        this.#search();
      });
      watch.observe(this);
    }
  }

  #listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#close();
      if (this.getAttribute("target") !== "page") {
        this.#search();
        return;
      }
      // The portal shows the results. A link leads there, not the form: no policy of the host forbids
      // links (`form-action` would), and Chromium tells a form's target where we come from, whatever `rel` says.
      this.#point();
      this.link.click();
    });
    this.input.addEventListener("input", () => this.#typed());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("blur", () => this.#close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const index = this.#options.indexOf(event.target.closest("li"));
      if (index >= 0) this.#take(index);
    });
    this.more.addEventListener("click", () => this.#search(this.cursor));
  }

  #key(event) {
    const open = !this.list.hidden;
    const last = this.#options.length - 1;
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const down = event.key === "ArrowDown";
      if (event.altKey && !down) this.#close();
      else if (!open) this.#hint(event.altKey ? -1 : down ? 0 : Infinity);
      else if (!event.altKey) this.#mark(down ? (this.#active < last ? this.#active + 1 : 0) : this.#active > 0 ? this.#active - 1 : last);
    } else if (event.key === "Enter" && open && this.#active >= 0) {
      event.preventDefault();
      this.#take(this.#active);
    } else if (event.key === "Escape") {
      if (open) event.preventDefault();
      else this.input.value = "";
      this.#close();
    } else if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) {
      this.#mark(-1);
    }
  }

  #typed() {
    clearTimeout(this.#timer);
    this.#mark(-1);
    if (this.input.value.trim().length < 2) this.#close();
    else this.#timer = setTimeout(() => this.#hint(-1), PAUSE);
  }

  async #hint(active) {
    const q = this.input.value.trim().slice(0, 100);
    if (q.length < 2) return;
    if (this.#asking) this.#asking.abort();
    const asking = (this.#asking = new AbortController());
    let items = [];
    try {
      ({ items } = await this.#ask("suggest", [["q", q], ["limit", 6]], asking.signal));
    } catch {
      return; // nobody misses a suggestion
    }
    if (asking !== this.#asking || this.shadowRoot.activeElement !== this.input) return;
    this.#options = items.map((item, index) => make("li", { id: `o${index}`, part: "option", role: "option", "aria-selected": "false" },
      make("span", { lang: "de", dir: "auto" }, item.text)));
    this.list.replaceChildren(...this.#options);
    this.list.hidden = !items.length;
    this.input.setAttribute("aria-expanded", items.length > 0);
    this.#mark(Math.min(active, items.length - 1));
  }

  #mark(index) {
    this.#active = index;
    this.#options.forEach((option, at) => option.setAttribute("aria-selected", at === index));
    const option = this.#options[index];
    if (option) {
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  #take(index) {
    this.input.value = this.#options[index].textContent;
    this.form.requestSubmit();
  }

  #close() {
    clearTimeout(this.#timer);
    if (this.#asking) this.#asking.abort();
    this.#asking = null;
    this.list.hidden = true;
    this.#options = [];
    this.input.setAttribute("aria-expanded", "false");
    this.#mark(-1);
  }

  #asked() {
    const asked = this.filters.filter(([name]) => name !== "near" || !this.near);
    for (const field of [this.input, this.near]) {
      if (field && field.value.trim()) asked.push([field.name, field.value.trim()]);
    }
    return asked;
  }

  #point() {
    this.link.href = new URL(`?${new URLSearchParams(this.#asked())}`, this.page);
  }

  async #ask(path, parameters, signal) {
    const answer = await fetch(new URL(`api/v1/${path}?${new URLSearchParams(parameters)}`, this.base), {
      credentials: "omit", referrerPolicy: "no-referrer", redirect: "error", signal, headers: { Accept: "application/json" },
    });
    if (answer.ok) return answer.json();
    throw Object.assign(new Error(), { status: answer.status, problem: await answer.json().catch(() => ({})) });
  }

  async #search(cursor) {
    if (this.#searching) this.#searching.abort();
    const searching = (this.#searching = new AbortController());
    const late = setTimeout(() => searching.abort(), PATIENCE);
    this.#point();
    this.root.setAttribute("aria-busy", "true");
    try {
      const asked = [...this.#asked(), ["limit", Math.min(Math.max(parseInt(this.getAttribute("limit")) || 5, 1), 50)]];
      this.#show(await this.#ask("offers", cursor ? [...asked, ["cursor", cursor]] : asked, searching.signal), cursor);
    } catch (error) {
      if (searching === this.#searching) this.#fail(error);
    } finally {
      clearTimeout(late);
      if (searching === this.#searching) this.root.removeAttribute("aria-busy");
    }
  }

  #fail(error = {}) {
    const { status, problem = {} } = error;
    const told = this.language === "de" ? problem.detail : problem.detail_en;
    this.status.textContent = status === 429 ? this.#words.busy : (status < 500 && told) || this.#words.failed;
    this.results.hidden = this.more.hidden = true;
    this.#point();
    if (!status) this.link.focus();
  }

  #show(found, added) {
    const total = found.total + found.unstated_total;
    const items = found.items.length ? found.items : found.nearest;
    const cards = items.map((offer) => make("li", {}, this.#card(offer)));
    this.status.textContent = total ? this.#words.found + total.toLocaleString(this.language) : this.#words.none;
    if (!added) this.results.replaceChildren();
    this.results.append(...cards);
    this.results.hidden = !this.results.firstChild;
    this.cursor = found.next && new URL(found.next, this.base).searchParams.get("cursor");
    this.more.hidden = !this.cursor;
    if (added && cards.length) cards[0].querySelector("a").focus();
  }

  #card(offer) {
    const words = this.#words;
    const german = (text) => make("span", { lang: "de", dir: "auto" }, text);
    const line = (label, ...values) => values.some(Boolean) ? [make("dt", {}, label), make("dd", {}, ...values)] : [];
    const town = [offer.postcode, offer.city].filter(Boolean).join(" ");
    const place = [offer.street, town].filter(Boolean).join(", ");
    const where = (place || offer.district || "") + (place && offer.district && offer.district !== offer.city ? ` (${offer.district})` : "");
    const euro = offer.cost_amount && offer.cost_amount.toLocaleString(this.language, { style: "currency", currency: "EUR" });
    const above = [...document.querySelectorAll("h1,h2,h3,h4,h5")].filter((heading) => heading.compareDocumentPosition(this) & 4).pop();
    const level = parseInt(this.getAttribute("heading")) || (above ? +above.localName[1] + 1 : 2);
    const phones = offer.phones.filter((number) => /^\+\d{3,15}$/.test(number)).slice(0, 2).flatMap((number, index) =>
      [index ? ", " : "", make("a", { class: "phone", part: "phone", href: `tel:${number}`, dir: "ltr" }, number.replace(AREA, "0$1 ").replace("+49", "0"))]);
    const notes = [
      offer.status === "temporarily closed" && words.closed,
      offer.registration === "required" && words.register,
      offer.childcare && words.childcare,
      offer.unstated.length > 0 && words.ask,
    ].filter(Boolean);
    return make("article", { part: "card" },
      make(`h${Math.min(Math.max(level, 2), 6)}`, { class: "title", part: "title" },
        make("a", { href: new URL(`angebot/${encodeURIComponent(offer.id)}`, this.base), rel: "noreferrer", lang: "de", dir: "auto" }, offer.title)),
      offer.provider && make("p", {}, german(offer.provider)),
      make("dl", { part: "facts" },
        ...line(words.where, where && german(where)),
        ...line(words.when, offer.hours_text && german(offer.hours_text.slice(0, 160))),
        ...line(words.cost, euro || words[offer.cost]),
        ...line(words.phone, ...phones)),
      notes.length && make("p", { part: "notes" }, notes.join(" · ")),
      offer.last_seen && make("p", {}, make("small", {}, words.seen + new Date(offer.last_seen).toLocaleDateString(this.language, { timeZone: "UTC" }))));
  }
}

// An old browser without constructed stylesheets keeps the plain form; so does a page that loads us twice.
if ("adoptedStyleSheets" in Document.prototype && !customElements.get("angebot-suche")) {
  customElements.define("angebot-suche", AngebotSuche);
}
