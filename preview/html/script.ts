/**
 * The page's only script. Without it everything can be read all the same: it makes the lines of a box stand out,
 * filters the tree, and opens the tree before printing.
 */
export const script = `
for (const svg of document.querySelectorAll(".picture svg")) {
  const lines = [...svg.querySelectorAll(".line")];
  const boxes = [...svg.querySelectorAll(".box")];
  const choose = (box) => {
    const own = lines.filter((line) => box && (line.dataset.from === box.id || line.dataset.to === box.id));
    const ids = new Set(own.flatMap((line) => [line.dataset.from, line.dataset.to]).concat(box ? box.id : []));
    svg.classList.toggle("chosen", Boolean(box));
    lines.forEach((line) => line.classList.toggle("own", own.includes(line)));
    boxes.forEach((one) => one.classList.toggle("own", ids.has(one.id)));
  };
  for (const box of boxes) {
    box.addEventListener("pointerenter", () => choose(box));
    box.addEventListener("pointerleave", () => choose(svg.querySelector(".box:focus")));
    box.addEventListener("focus", () => choose(box));
    box.addEventListener("blur", () => choose(null));
  }
  svg.addEventListener("keydown", (event) => {
    const at = boxes.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (event.key === "Escape") document.activeElement.blur();
    if (at < 0 || !step) return;
    event.preventDefault();
    boxes[(at + step + boxes.length) % boxes.length].focus();
  });
}
for (const field of document.querySelectorAll(".filter input")) {
  const tree = document.getElementById(field.dataset.tree);
  const leaves = [...tree.querySelectorAll("[data-words]")];
  field.closest(".filter").hidden = false;
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    for (const leaf of leaves) leaf.hidden = wanted !== "" && !leaf.dataset.words.includes(wanted);
    for (const leaf of leaves) {
      if (leaf.hidden || wanted === "") continue;
      for (let up = leaf.parentElement; up && up !== tree; up = up.parentElement) {
        up.hidden = false;
        if (up.tagName === "DETAILS") up.open = true;
      }
    }
  });
}
addEventListener("beforeprint", () => document.querySelectorAll("details.print").forEach((one) => (one.open = true)));
`;
