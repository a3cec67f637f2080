// Read before the first paint: marks that scripts run, and puts back the reader's text size and contrast.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  let scale = "md";
  let mode = matchMedia("(prefers-contrast: more)").matches ? "high-contrast" : "light";
  try {
    scale = localStorage.getItem("portal.scale") || scale;
    mode = localStorage.getItem("portal.mode") || mode;
  } catch { /* storage may be closed; the defaults stand */ }
  root.dataset.portalScale = scale;
  root.dataset.krdsMode = mode;
})();
