// The page: filters, the grid of scenes, and the view of one scene. What is shown stands in the fragment of the
// address (#split=train&task=put_in&scene=ID&view=3d), so that every view can be linked to. Texts from the dataset
// enter the page as text only.
"use strict";

(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const form = document.querySelector(".filters"), detail = byId("detail"), canvas = byId("canvas");
  const scenes = data.scenes.map(prepared), sceneById = new Map(scenes.map((scene) => [scene.id, scene]));
  const FILTERS = ["split", "task", "category", "checks", "q", "sort"];
  const SORTS = {
    "": ["Scene id", (a, b) => compare(a.id, b.id)],
    instruction: ["Instruction", (a, b) => compare(a.instruction, b.instruction)],
    most: ["Most objects first", (a, b) => b.movable.length - a.movable.length || compare(a.id, b.id)],
    fewest: ["Fewest objects first", (a, b) => a.movable.length - b.movable.length || compare(a.id, b.id)],
  };
  const state = readFragment();
  let listed = [];

  // ---------------------------------------------------------------------------------------------------- the scenes

  function prepared(scene) {
    const things = scene.things.map((thing) => ({ ...thing, about: data.assets[thing.asset] }));
    const movable = things.filter((thing) => !["context", "background"].includes(thing.role));
    const failed = scene.checks.filter((check) => !check.passed);
    const words = things.flatMap(({ about }) => [about.name, about.category, ...about.colors, ...about.materials]);
    return {
      ...scene, things, movable, failed,
      categories: new Set(movable.map((thing) => thing.about.category)),
      verdict: !scene.checks.length ? "unchecked" : failed.length ? "failed" : "passed",
      text: [scene.id, scene.instruction, scene.split, scene.task, ...words].join(" ").toLowerCase(),
    };
  }

  function compare(a, b) {
    return a < b ? -1 : a > b ? 1 : 0;
  }

  // Whether `scene` passes every filter but `except`.
  function matches(scene, except) {
    const wants = (name) => name !== except && state[name];
    if (wants("split") && scene.split !== state.split) return false;
    if (wants("task") && scene.task !== state.task) return false;
    if (wants("category") && !scene.categories.has(state.category)) return false;
    if (wants("checks") && scene.verdict !== state.checks) return false;
    return !wants("q") || state.q.toLowerCase().split(/\s+/).every((word) => scene.text.includes(word));
  }

  // ------------------------------------------------------------------------------------------------- the fragment

  function readFragment() {
    const given = new URLSearchParams(location.hash.slice(1)), value = (name) => given.get(name) || "";
    const known = (name, choices) => (choices.includes(value(name)) ? value(name) : "");
    const scene = sceneById.get(value("scene"));
    return {
      split: known("split", data.splits),
      task: known("task", data.tasks),
      category: known("category", data.categories),
      checks: known("checks", ["passed", "failed", "unchecked"]),
      sort: known("sort", Object.keys(SORTS)),
      q: value("q").slice(0, 200),
      scene: scene ? scene.id : "",
      thing: scene && scene.things.some((thing) => thing.name === value("thing")) ? value("thing") : "",
      view: known("view", ["3d"]),
    };
  }

  function fragment(changes) {
    const entries = Object.entries({ ...state, ...changes }).filter(([, value]) => value);
    return "#" + new URLSearchParams(entries).toString();
  }

  // Takes over `changes` and shows them; `push` makes a step that the browser's Back undoes.
  function go(changes, push = false) {
    Object.assign(state, changes);
    history[push ? "pushState" : "replaceState"](null, "", fragment({}));
    render();
  }

  // ---------------------------------------------------------------------------------------------------- elements

  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value !== null && value !== false) made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children);
    return made;
  }

  const spaced = (slug) => slug.replaceAll("_", " ");
  const splitTag = (split) => element("span", { class: `split ${split.replaceAll("_", "-")}` }, spaced(split));
  const taskTag = (task) => element("span", { class: "task" }, spaced(task));

  function swatch(color) {
    const dot = element("i", { class: "dot", "aria-hidden": "true" });
    if (data.colors[color]) dot.style.background = data.colors[color];
    return element("span", { class: "color" }, ...(data.colors[color] ? [dot] : []), color);
  }

  function dots({ colors }) {
    return colors.filter((color) => data.colors[color]).map((color) => {
      const dot = element("i", { class: "dot", title: color });
      dot.style.background = data.colors[color];
      return dot;
    });
  }

  function verdictTag(scene) {
    const total = scene.checks.length;
    if (!total) return element("span", { class: "verdict" }, "not checked");
    return element("span", { class: `verdict ${scene.failed.length ? "bad" : "good"}` },
      scene.failed.length ? `✗ ${scene.failed.length} of ${total} checks failed` : `✓ ${total} checks`);
  }

  // ----------------------------------------------------------------------------------------------------- filters

  function makeFilters() {
    for (const box of document.querySelectorAll(".chips")) {
      const name = box.dataset.name, choices = name === "split" ? data.splits : data.tasks;
      for (const value of ["", ...choices])
        box.append(element("label", {},
          element("input", { type: "radio", name, value, checked: state[name] === value }),
          element("span", {}, value ? (name === "split" ? splitTag(value) : spaced(value)) : "all", element("b"))));
    }
    form.elements.category.append(element("option", { value: "" }, "all"),
      ...data.categories.map((category) => element("option", { value: category }, spaced(category))));
    const verdicts = ["passed", "failed", "unchecked"].filter((name) => scenes.some((scene) => scene.verdict === name));
    form.elements.checks.append(element("option", { value: "" }, "all"),
      ...verdicts.map((name) => element("option", { value: name }, name)));
    byId("checks").hidden = verdicts.length < 2 && !state.checks;
    form.elements.sort.append(
      ...Object.entries(SORTS).map(([value, [label]]) => element("option", { value }, label)));
    form.addEventListener("input", () => go(Object.fromEntries(
      FILTERS.map((name) => [name, name === "q" ? form.elements.q.value.trim() : form.elements[name].value]))));
    form.addEventListener("submit", (event) => event.preventDefault());
    for (const id of ["clear", "clear-empty"]) byId(id).addEventListener("click", (event) => {
      event.preventDefault();
      go(Object.fromEntries(FILTERS.filter((name) => name !== "sort").map((name) => [name, ""])));
    });
    document.addEventListener("keydown", (event) => {
      const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
      if (event.key === "/" && !typing && !detail.open) {
        event.preventDefault();
        form.elements.q.focus();
      }
    });
  }

  function renderFilters() {
    for (const name of FILTERS) {
      const field = form.elements[name];
      if (name !== "q") field.value = state[name];
      else if (field.value.trim() !== state.q) field.value = state.q;
    }
    const count = (name, test) => scenes.filter((scene) => matches(scene, name) && test(scene)).length;
    for (const box of document.querySelectorAll(".chips")) {
      const name = box.dataset.name;
      for (const input of box.querySelectorAll("input")) {
        const found = count(name, (scene) => !input.value || scene[name] === input.value);
        input.nextElementSibling.lastChild.textContent = found;
        input.parentElement.classList.toggle("none", !found);
      }
    }
    for (const option of form.elements.category.options) {
      const found = count("category", (scene) => !option.value || scene.categories.has(option.value));
      option.textContent = `${option.value ? spaced(option.value) : "all"} (${found})`;
    }
    for (const option of form.elements.checks.options) {
      const found = count("checks", (scene) => !option.value || scene.verdict === option.value);
      option.textContent = `${option.value || "all"} (${found})`;
    }
    byId("clear").hidden = !FILTERS.some((name) => name !== "sort" && state[name]);
  }

  // -------------------------------------------------------------------------------------------------------- grid

  const cards = new Map(scenes.map((scene) => [scene.id, card(scene)]));

  function card(scene) {
    const link = element("a", { href: fragment({ scene: scene.id }), class: "card" },
      element("img", { src: scene.picture, alt: "", loading: "lazy", width: data.pictureSize[0],
        height: data.pictureSize[1] }),
      element("span", { class: "words" },
        element("strong", {}, scene.instruction),
        element("span", { class: "tags" }, splitTag(scene.split), taskTag(scene.task), verdictTag(scene)),
        element("span", { class: "objects" }, ...scene.movable.map(({ about, role }) =>
          element("span", { class: `object role-${role}` }, ...dots(about), about.name)))));
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      go({ scene: scene.id, thing: "", view: state.view }, true);
    });
    return element("li", { "data-scene": scene.id }, link);
  }

  let gridKey = null;

  function renderGrid() {
    listed = scenes.filter((scene) => matches(scene)).sort(SORTS[state.sort][1]);
    const key = listed.map((scene) => scene.id).join("/");
    if (key !== gridKey) byId("grid").replaceChildren(...listed.map((scene) => cards.get(scene.id)));
    gridKey = key;
    byId("count").textContent = listed.length === scenes.length
      ? `${scenes.length} scenes` : `${listed.length} of ${scenes.length} scenes`;
    byId("empty").hidden = listed.length > 0;
  }

  // ------------------------------------------------------------------------------------------------------ detail

  let shownScene = null, shownModel = null, viewer = null;

  function renderDetail() {
    const scene = sceneById.get(state.scene);
    if (!scene) {
      if (detail.open) detail.close();
      return;
    }
    if (shownScene !== scene) fillDetail(scene);
    if (!detail.open) {
      detail.showModal();
      byId("detail-title").focus({ preventScroll: true });
    }
    const place = listed.indexOf(scene);
    byId("place").textContent = place < 0 ? scene.id : `${place + 1} of ${listed.length}`;
    byId("previous").disabled = byId("next").disabled = listed.length < 2 && place >= 0;
    renderStage(scene);
  }

  function fillDetail(scene) {
    shownScene = scene;
    detail.querySelector(".body").scrollTop = 0;
    byId("detail-title").textContent = scene.instruction;
    byId("tags").replaceChildren(splitTag(scene.split), taskTag(scene.task), verdictTag(scene));
    byId("picture").src = scene.picture;
    byId("picture").alt = `Scene: ${scene.instruction}`;
    byId("facts").replaceChildren(...sceneFacts(scene).filter(([, value]) => value).flatMap(
      ([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
    byId("checks-title").hidden = !scene.checks.length;
    byId("checks-list").replaceChildren(...scene.checks.map(checkItem));
    byId("things").replaceChildren(...scene.things.map(thingItem));
  }

  function sceneFacts(scene) {
    const named = (role) =>
      scene.things.filter((thing) => thing.role === role).map(({ about }) => about.name).join(", ");
    return [
      ["scene", element("code", {}, scene.id)],
      ["object", named("object")],
      ["receptacle", named("receptacle")],
      ["distractors", named("distractor") || "none"],
      ["table", named("context")],
      ["room", named("background")],
      ...scene.provenance,
    ];
  }

  function checkItem({ name, passed, message, value, threshold }) {
    const limit = threshold === null ? "" : ` (limit ${number(threshold)})`;
    const measured = value === null ? "" : number(value) + limit;
    return element("li", { class: passed ? "passed" : "failed" },
      element("b", {}, element("span", { class: "hidden" }, passed ? "passed: " : "failed: "), name),
      element("span", {}, message), element("small", {}, measured));
  }

  function number(value) {
    return String(Number(value.toPrecision(3)));
  }

  function thingItem(thing) {
    const { about } = thing;
    const size = about.extents.map((metres) => (metres * 100).toFixed(metres < 1 ? 1 : 0)).join(" × ");
    const weight = about.mass < 1 ? `${Math.round(about.mass * 1000)} g` : `${about.mass.toFixed(1)} kg`;
    const mass = about.kind === "room" ? "" : weight, role = { context: "table", background: "room" }[thing.role];
    const facts = [about.category === about.name ? "" : spaced(about.category), about.materials.join(", ")];
    return element("li", {}, element("button", {
      type: "button", class: "thing", "data-thing": thing.name, title: about.description,
      onclick: () => go({ thing: state.thing === thing.name ? "" : thing.name, view: "3d" }),
    },
      element("img", { src: about.thumbnail, alt: "", loading: "lazy", width: 96, height: 96 }),
      element("span", { class: "words" },
        element("span", { class: `role role-${thing.role}` }, role || thing.role),
        element("strong", {}, about.name),
        element("span", { class: "colors" }, ...about.colors.map(swatch)),
        element("small", {}, facts.filter(Boolean).join(" · ")),
        element("small", {}, [`${size} cm`, mass, `${about.triangles} triangles`].filter(Boolean).join(" · ")))));
  }

  // The stage shows the picture, the scene in 3D, or one thing in 3D.
  function renderStage(scene) {
    const thing = scene.things.find(({ name }) => name === state.thing);
    const solid = state.view === "3d" || Boolean(thing);
    for (const button of document.querySelectorAll("[data-view]"))
      button.setAttribute("aria-pressed", !thing && button.dataset.view === state.view);
    for (const button of document.querySelectorAll("[data-thing]"))
      button.setAttribute("aria-pressed", button.dataset.thing === state.thing);
    byId("shown").textContent = thing ? thing.about.name : "";
    for (const id of ["canvas", "labels", "hint", "home"]) byId(id).hidden = !solid;
    byId("picture").hidden = solid;
    const model = solid ? `${scene.id} ${state.thing}` : null;
    if (model === shownModel) return;
    shownModel = model;
    if (!solid) {
      byId("message").hidden = true;
      if (viewer) viewer.stop();
      return;
    }
    canvas.setAttribute("aria-label", `${thing ? thing.about.name : scene.instruction}, in 3D; arrow keys turn it`);
    showModel(scene, thing);
  }

  function showModel(scene, thing) {
    try {
      viewer = viewer || new GenWorldViewer(canvas, loadAsset, byId("labels"));
    } catch (error) {
      return say(`No 3D here: ${error.message}.`);
    }
    if (thing) viewer.showAsset(thing.about.id, thing.about.kind !== "room");
    else viewer.showScene(scene.things.map(({ about, pose, role }) => ({
      asset: about.id, pose, role, label: ["object", "receptacle"].includes(role) ? about.name : "",
    })), scene.lighting);
  }

  function say(text) {
    byId("message").textContent = text;
    byId("message").hidden = !text;
  }

  canvas.addEventListener("viewerstate", ({ detail: { state: now, error } }) =>
    say(now === "loading" ? "Loading …" : now === "failed" ? `This cannot be shown in 3D: ${error.message}.` : ""));

  // A page opened from a folder may not fetch files, but it may run scripts: each asset is a script that hands over
  // its file.
  const waiting = new Map();

  window.__genworldAsset = (id, base64) => {
    const { resolve } = waiting.get(id) || {};
    if (resolve) resolve(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
  };

  function loadAsset(id) {
    return new Promise((resolve, reject) => {
      const script = element("script", { src: `assets/${id}.js` });
      const end = (finish) => (value) => {
        waiting.delete(id);
        script.remove();
        finish(value);
      };
      waiting.set(id, { resolve: end(resolve) });
      script.addEventListener("error", () => end(reject)(new Error(`assets/${id.slice(0, 12)}….js is missing`)));
      script.addEventListener("load", () => waiting.has(id) && end(reject)(new Error("a file of the page is damaged")));
      document.head.append(script);
    });
  }

  function step(by) {
    if (!listed.length) return;
    const place = listed.indexOf(sceneById.get(state.scene));
    const next = place < 0 ? 0 : (place + by + listed.length) % listed.length;
    go({ scene: listed[next].id, thing: "" });
  }

  function makeDetail() {
    byId("previous").addEventListener("click", () => step(-1));
    byId("next").addEventListener("click", () => step(1));
    byId("close").addEventListener("click", () => detail.close());
    byId("home").addEventListener("click", () => viewer && viewer.reset());
    detail.addEventListener("click", (event) => event.target === detail && detail.close());
    detail.addEventListener("close", () => {
      if (viewer) viewer.stop();
      const last = shownScene && cards.get(shownScene.id);
      shownScene = shownModel = null;
      if (state.scene) go({ scene: "", thing: "", view: "" });
      if (last && last.isConnected) last.firstChild.focus();
    });
    detail.addEventListener("keydown", (event) => {
      if (event.target === canvas || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "ArrowLeft" || event.key === "ArrowRight") step(event.key === "ArrowLeft" ? -1 : 1);
    });
    for (const button of document.querySelectorAll("[data-view]"))
      button.addEventListener("click", () => go({ view: button.dataset.view, thing: "" }));
  }

  // ------------------------------------------------------------------------------------------------------- theme

  function makeTheme() {
    const button = byId("theme"), root = document.documentElement;
    const remembered = (value) => {  // a page from a folder may have no storage
      try {
        if (value) localStorage.setItem("genworld-theme", value);
        return localStorage.getItem("genworld-theme");
      } catch { return null; }
    };
    const preferred = () => (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    const dark = () => (root.style.colorScheme || preferred()) === "dark";
    const show = () => {
      button.textContent = dark() ? "Light" : "Dark";
      button.setAttribute("aria-label", `Switch to ${dark() ? "light" : "dark"} colours`);
    };
    if (["light", "dark"].includes(remembered())) root.style.colorScheme = remembered();
    button.addEventListener("click", () => {
      root.style.colorScheme = dark() ? "light" : "dark";
      remembered(root.style.colorScheme);
      show();
    });
    show();
  }

  function render() {
    renderFilters();
    renderGrid();
    renderDetail();
  }

  window.addEventListener("popstate", () => {
    Object.assign(state, readFragment());
    render();
  });
  makeTheme();
  makeFilters();
  makeDetail();
  render();
})();
