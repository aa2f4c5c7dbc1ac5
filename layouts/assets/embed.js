// Loads the player of another host when the reader asks for it, and never before.
// The link to it stands in blocks/embed.html; without this script it leads there.

function frame({ player, title }) {
  const element = document.createElement("iframe");
  element.title = title;
  element.loading = "lazy";
  element.allowFullscreen = true;
  element.allow = "encrypted-media; picture-in-picture";
  element.referrerPolicy = "strict-origin-when-cross-origin";
  element.src = player;
  return element;
}

function show({ currentTarget: button }) {
  const player = frame(button.dataset);
  button.closest(".embed-stage").replaceChildren(player);
  player.focus();
}

for (const link of document.querySelectorAll("a[data-player]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = link.className;
  button.textContent = link.textContent;
  Object.assign(button.dataset, link.dataset);
  button.addEventListener("click", show, { once: true });
  link.replaceWith(button);
}
