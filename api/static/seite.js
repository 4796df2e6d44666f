// What makes the pages quicker. Without it everything but the watch list works all the same.
// Nothing is sent anywhere but to this site, nothing is stored but what somebody puts on the watch
// list. No markup is made from text (Trusted Types).
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

/* The quick way out: the page is replaced, so that "back" does not lead to it. */
const leave = document.querySelector("[data-leave]");
if (leave) {
  const go = () => {
    document.documentElement.hidden = true;
    location.replace(leave.href);
  };
  let pressed = [];
  leave.addEventListener("click", (event) => {
    event.preventDefault();
    go();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const now = Date.now();
    pressed = [...pressed.filter((at) => now - at < 2000), now];
    if (pressed.length >= 3) go();
  });
}

/* Suggestions: an editable combobox with list autocomplete and manual selection (ARIA APG). */
for (const input of all("input[data-suggest]")) {
  const kinds = input.dataset.suggest.split(" ");
  const list = make("ul", { role: "listbox", id: `${input.id}-list`, class: "suggestions", "aria-label": input.labels[0]?.textContent.trim() ?? "" });
  const told = make("p", { role: "status", class: "hide" });
  const hold = make("div", { class: "combo" });
  input.before(hold);
  hold.append(input, list, told);
  list.hidden = true;
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, autocomplete: "off" })) {
    input.setAttribute(name, value);
  }
  let options = [];
  let at = -1;
  let waiting;
  let asked;
  const mark = (next) => {
    options[at]?.setAttribute("aria-selected", "false");
    at = next;
    const option = options[at];
    if (option) {
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", option.id);
    } else input.removeAttribute("aria-activedescendant");
  };
  const close = () => {
    clearTimeout(waiting);
    asked?.abort();
    mark(-1);
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
  };
  const choose = (option) => {
    input.value = option.dataset.value;
    close();
    told.textContent = "";
    if (input.name === "q") input.form.requestSubmit();
  };
  const show = (items) => {
    options = items.map((item, number) => {
      const option = make("li", { role: "option", id: `${list.id}-${number}`, "aria-selected": "false", "data-value": item.text, lang: "de" }, make("span", {}, item.text));
      if (item.offers !== null) option.append(" ", make("small", {}, String(item.offers)));
      option.addEventListener("mousedown", (event) => event.preventDefault());
      option.addEventListener("click", () => choose(option));
      return option;
    });
    list.replaceChildren(...options);
    at = -1;
    list.hidden = !options.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    told.textContent = options.length ? `${options.length} ${input.dataset.told}` : "";
  };
  const ask = async () => {
    const text = input.value.trim();
    if (text.length < 2) return close();
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(`/api/v1/suggest?limit=12&q=${encodeURIComponent(text.slice(0, 80))}`, { signal: asked.signal, credentials: "omit" });
      if (!answer.ok) return close();
      const found = (await answer.json()).items.filter((item) => kinds.includes(item.kind));
      if (document.activeElement === input) show(found.slice(0, 7));
    } catch { /* typed on, or offline: then there are no suggestions */ }
  };
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 120);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const open = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return void ask();
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(at < 0 && step < 0 ? options.length - 1 : at + step >= options.length || at + step < 0 ? -1 : at + step);
    } else if (event.key === "Enter" && open && options[at]) {
      event.preventDefault();
      choose(options[at]);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      close();
    } else if (event.key === "Escape" && input.value) {
      event.preventDefault(); // Chromium would clear a search field itself, others would not
      input.value = "";
    }
  });
}

/* A filter that is set takes effect at once where there is a mouse; on a phone several are set first. */
const filters = document.querySelector(".filters");
if (filters && matchMedia("(min-width: 56rem)").matches) {
  filters.addEventListener("change", (event) => event.target.form?.requestSubmit());
}
// Empty fields stay out of the address, so that it can be read and passed on.
document.getElementById("suche")?.addEventListener("submit", (event) => {
  for (const field of event.target.elements) {
    if (field.name && !field.value) field.disabled = true;
    if (field.name === "radius" && !event.target.elements.near.value) field.disabled = true;
    if (field.name === "sort" && field.value === "relevance") field.disabled = true;
  }
});
// Who comes back sees the form as the page was made, not as it was left.
addEventListener("pageshow", (event) => {
  const form = document.getElementById("suche");
  if (!form) return;
  for (const field of form.elements) field.disabled = false;
  const back = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  if (event.persisted || back) form.reset();
});

/* Share, print. */
for (const button of all("[data-share]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const what = { title: button.dataset.title, url: button.dataset.share };
    try {
      if (navigator.share) return await navigator.share(what);
      await navigator.clipboard.writeText(what.url);
      say(button, button.dataset.copied);
    } catch (fault) {
      if (fault.name !== "AbortError") say(button, what.url);
    }
  });
}
for (const button of all("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
function say(button, text) {
  const told = document.getElementById("gesagt");
  if (told) told.textContent = text;
  else button.textContent = text;
}

/* The watch list: on this device only. */
const KEY = "netzlotse.merkliste";
const read = () => {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => one && typeof one.id === "string" && typeof one.title === "string") : [];
  } catch {
    return []; // storage is forbidden, or holds something foreign
  }
};
const write = (kept) => {
  try {
    if (kept.length) localStorage.setItem(KEY, JSON.stringify(kept));
    else localStorage.removeItem(KEY);
    return true;
  } catch {
    return false;
  }
};
for (const button of all("[data-keep]")) {
  const { keep: id, title, who, where, tel, shown } = button.dataset;
  const label = button.querySelector("span");
  const paint = () => {
    const on = read().some((one) => one.id === id);
    button.setAttribute("aria-pressed", String(on));
    label.textContent = on ? button.dataset.on : button.dataset.off;
  };
  button.hidden = false;
  paint();
  addEventListener("pageshow", paint);
  button.addEventListener("click", () => {
    const kept = read();
    const rest = kept.filter((one) => one.id !== id);
    if (rest.length === kept.length) rest.push({ id, title, who, where, tel, shown });
    if (!write(rest)) say(button, button.dataset.fault);
    paint();
  });
}
const watched = document.getElementById("merkliste");
if (watched) {
  const { prefix, remove } = watched.dataset;
  const empty = document.getElementById("merkliste-leer");
  const clear = document.getElementById("merkliste-leeren");
  const draw = () => {
    const kept = read();
    watched.replaceChildren(...kept.map((one) => {
      const link = make("a", { href: `${prefix}/angebot/${encodeURIComponent(one.id)}`, lang: "de" }, one.title);
      const card = make("article", { class: "card hit" }, make("h2", { class: "h3" }, link));
      const lines = [one.who, one.where].filter((text) => typeof text === "string" && text);
      if (lines.length) card.append(make("p", { class: "who", lang: "de" }, lines.join(" · ")));
      if (typeof one.tel === "string" && /^tel:\+?\d+$/.test(one.tel)) card.append(make("p", {}, make("a", { href: one.tel, class: "tel" }, String(one.shown ?? one.tel.slice(4)))));
      const drop = make("button", { type: "button", class: "button" }, remove, make("span", { class: "hide" }, `: ${one.title}`));
      drop.addEventListener("click", () => {
        write(read().filter((other) => other.id !== one.id));
        draw();
        (watched.querySelector("button") ?? document.getElementById("inhalt")).focus();
      });
      card.append(make("p", { class: "actions" }, drop));
      return make("li", {}, card);
    }));
    empty.hidden = kept.length > 0;
    clear.hidden = !kept.length;
    for (const button of all(".needs-list")) button.hidden = !kept.length;
  };
  clear.addEventListener("click", () => {
    write([]);
    draw();
    document.getElementById("inhalt").focus();
  });
  draw();
}
