// The portal's own behaviour. Everything hangs on data-portal-* and listens at the document, so parts swapped in by
// htmx work at once. Every page also works without this file.
(() => {
  "use strict";
  const root = document.documentElement;
  const words = document.body.dataset;
  const closest = (event, name) => event.target.closest?.(`[data-portal-${name}]`);
  const keep = (name, value) => { try { localStorage.setItem(`portal.${name}`, value); } catch { /* not kept */ } };

  function toast(text) {
    const place = document.getElementById("p-toasts");
    if (!place || !text) return;
    const line = document.createElement("p");
    line.className = "p-toast";
    line.textContent = text;
    place.append(line);
    setTimeout(() => line.remove(), 6000);
  }

  // --- things that open: menus, drop boxes, the panel of a narrow screen -----------------------------------------
  function setOpen(button, open) {
    const box = document.getElementById(button.dataset.portalToggle);
    if (!box) return;
    button.setAttribute("aria-expanded", String(open));
    if (box.classList.contains("p-drop-box")) box.hidden = !open; else box.classList.toggle("is-open", open);
  }
  const openButtons = () => document.querySelectorAll('[data-portal-toggle][aria-expanded="true"]');
  const isPanel = (button) => button.dataset.portalToggle === "p-panel";
  function closeOthers(except, target) {
    for (const button of openButtons()) {
      const box = document.getElementById(button.dataset.portalToggle);
      if (button !== except && !isPanel(button) && !box?.contains(target)) setOpen(button, false);
    }
  }

  // --- text size and contrast ------------------------------------------------------------------------------------
  function markChoices() {
    for (const [name, value] of [["scale", root.dataset.portalScale], ["mode", root.dataset.krdsMode]]) {
      for (const button of document.querySelectorAll(`[data-portal-${name}]`)) {
        if (button !== root) button.setAttribute("aria-pressed", String(button.getAttribute(`data-portal-${name}`) === value));
      }
    }
  }

  document.addEventListener("click", (event) => {
    const toggle = closest(event, "toggle");
    closeOthers(toggle, event.target);
    if (toggle) return setOpen(toggle, toggle.getAttribute("aria-expanded") !== "true");

    const scale = closest(event, "scale");
    if (scale && scale !== root) { root.dataset.portalScale = scale.dataset.portalScale; keep("scale", scale.dataset.portalScale); return markChoices(); }
    const mode = closest(event, "mode");
    if (mode) { root.dataset.krdsMode = mode.dataset.portalMode; keep("mode", mode.dataset.portalMode); return markChoices(); }

    const dismiss = closest(event, "dismiss");
    if (dismiss) return dismiss.closest(".p-message, .p-alert")?.remove();
    const opener = closest(event, "dialog");
    if (opener) { const box = document.getElementById(opener.dataset.portalDialog); if (box?.showModal) { event.preventDefault(); box.showModal(); } return undefined; }
    const closer = closest(event, "close");
    if (closer) { closer.closest("dialog")?.close(); return undefined; }
    if (closest(event, "print")) return window.print();
    const copy = closest(event, "copy");
    if (copy) {
      const source = copy.dataset.portalCopy;
      const from = source.startsWith("#") ? document.querySelector(source) : null;
      navigator.clipboard?.writeText(from ? from.value ?? from.innerText : source).then(() => toast(words.portalCopied));
    }
    return undefined;
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const last = [...openButtons()].pop();
    if (last) { setOpen(last, false); last.focus(); }
  });
  document.addEventListener("focusin", (event) => closeOthers(null, event.target.closest?.(".p-drop, .p-menu-item")?.querySelector("[id]") ?? event.target));

  // --- forms: ask before a grave deed, guard unsaved work, never send twice ----------------------------------------
  let dirty = false;
  const guarded = (target) => target.closest?.("form[data-portal-guard]");
  document.addEventListener("input", (event) => { if (guarded(event.target)) dirty = true; });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const question = event.submitter?.dataset.portalConfirm || form.dataset.portalConfirm;
    if (question && !window.confirm(question)) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    if (form.method === "post" && !form.closest("[hx-post]") && !form.hasAttribute("hx-post")) {
      if (form.dataset.portalSent) { event.preventDefault(); return; }
      form.dataset.portalSent = "yes";
      setTimeout(() => delete form.dataset.portalSent, 8000);
    }
    if (guarded(form)) dirty = false;
  }, true);
  window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.querySelectorAll("form[data-portal-sent]")) delete form.dataset.portalSent;
  });
  document.addEventListener("change", (event) => {
    const select = closest(event, "autosubmit");
    if (select?.form) select.form.requestSubmit();
    const all = closest(event, "check-all");
    if (all) for (const box of document.querySelectorAll(`input[type=checkbox][name="${CSS.escape(all.dataset.portalCheckAll)}"]`)) box.checked = all.checked;
  });

  // --- htmx ------------------------------------------------------------------------------------------------------
  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector('meta[name="csrf-token"]')?.content;
    if (token) event.detail.headers["X-CSRFToken"] = token;
  });
  document.addEventListener("htmx:confirm", (event) => {
    const question = event.detail.elt.dataset?.portalConfirm;
    if (question && !(event.detail.elt instanceof HTMLFormElement) && !window.confirm(question)) event.preventDefault();
  });
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(name, () => toast(words.portalFailed));
  document.addEventListener("portal:toast", (event) => toast(event.detail?.value ?? event.detail?.text));

  markChoices();
  document.querySelector("[data-portal-focus]")?.focus();
})();
