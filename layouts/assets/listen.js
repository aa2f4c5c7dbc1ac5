// Lets a chapter of a recording seek in the player above it. Without this its link opens the file
// at that time.

document.addEventListener("click", (event) => {
  const link = event.target.closest(".listen li a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const player = link.closest(".listen").querySelector("audio");
  const seek = () => { player.currentTime = Number(link.hash.slice("#t=".length)); };
  event.preventDefault();
  if (player.readyState) seek();
  else player.addEventListener("loadedmetadata", seek, { once: true });
  player.play().catch(() => {}); // the player itself shows that it cannot
});
