// Loads a discussion when the reader asks for it, and never before.
// The button stands in partials/comments.html and carries the settings.

const scripts = {
  giscus: (from) => ({
    src: "https://giscus.app/client.js",
    "data-repo": from.repo,
    "data-repo-id": from.repoId,
    "data-category": from.category,
    "data-category-id": from.categoryId,
    "data-mapping": "pathname",
    "data-strict": "1",
    "data-reactions-enabled": "1",
    "data-emit-metadata": "0",
    "data-input-position": "top",
    "data-theme": from.theme || "preferred_color_scheme",
    "data-lang": from.language,
    crossorigin: "anonymous",
  }),
  isso: (from) => ({
    src: `${from.url.replace(/\/$/, "")}/js/embed.min.js`,
    "data-isso": from.url,
    "data-isso-lang": from.language,
  }),
};

function thread(provider, title) {
  const place = document.createElement("div");
  place.className = provider;
  if (provider === "isso") {
    place.id = "isso-thread";
    place.dataset.title = title;
  }
  return place;
}

function load({ currentTarget: button }) {
  const { provider, title } = button.dataset;
  const place = thread(provider, title);
  const script = document.createElement("script");
  for (const [name, value] of Object.entries(scripts[provider](button.dataset))) {
    script.setAttribute(name, value);
  }
  place.tabIndex = -1;
  button.closest(".comments").append(place, script);
  button.remove();
  place.focus();
}

for (const button of document.querySelectorAll(".comments button[data-provider]")) {
  button.addEventListener("click", load, { once: true });
  button.hidden = false;
}
