// Opens the pictures of a gallery large, one after the other, in a dialog of the browser's own.
// Without this script each is a link to its file (blocks/gallery.html).

const steps = { ArrowLeft: -1, ArrowRight: 1 };
let shown;

function button(sign, label, press) {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = sign;
  element.setAttribute("aria-label", label);
  element.addEventListener("click", press);
  return element;
}

function words(link) {
  const caption = document.createElement("figcaption");
  const own = link.closest("figure")?.querySelector("figcaption");
  caption.append(...(own ? own.cloneNode(true).childNodes : []));
  return caption;
}

function large(link) {
  const figure = document.createElement("figure");
  const picture = document.createElement("img");
  picture.src = link.href;
  picture.alt = link.querySelector("img").alt;
  figure.append(picture, words(link));
  return figure;
}

function show(place) {
  const { dialog, links } = shown;
  shown.place = (place + links.length) % links.length;
  dialog.querySelector(".large-picture").replaceChildren(large(links[shown.place]));
  dialog.querySelector(".large-place").textContent = `${shown.place + 1} / ${links.length}`;
}

function onKey(event) {
  const direction = getComputedStyle(event.currentTarget).direction === "rtl" ? -1 : 1;
  const last = shown.links.length - 1;
  const place = { Home: 0, End: last }[event.key] ?? shown.place + steps[event.key] * direction;
  if (Number.isNaN(place) || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  show(place);
}

function open(gallery, link) {
  const links = [...gallery.querySelectorAll("a[data-large]")];
  const { close, previous, next } = gallery.dataset;
  const dialog = document.createElement("dialog");
  const picture = document.createElement("div");
  const place = document.createElement("p");
  const bar = document.createElement("div");
  dialog.className = "large";
  dialog.setAttribute("aria-label", gallery.querySelector(":scope > figcaption")?.textContent ?? "");
  picture.className = "large-picture";
  picture.setAttribute("aria-live", "polite");
  place.className = "large-place";
  bar.className = "large-bar";
  bar.append(button("×", close, () => dialog.close()));
  if (links.length > 1) {
    bar.prepend(button("‹", previous, () => show(shown.place - 1)), place, button("›", next, () => show(shown.place + 1)));
  } else {
    bar.prepend(place);
  }
  dialog.append(picture, bar);
  dialog.addEventListener("keydown", onKey);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    link.focus();
  });
  shown = { dialog, links, place: 0 };
  document.body.append(dialog);
  show(links.indexOf(link));
  dialog.showModal();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest(".gallery a[data-large]");
  if (!link || event.button || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(link.closest(".gallery"), link);
});
