// The same pages as Broadsheet's, without related stories, which Eleventy does not have.
// Links between stories are addresses, and headings get no ids: the plugins for both parse
// each page's HTML, so this is the lesser work.
import footnotes from "markdown-it-footnote";

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August",
  "September", "October", "November", "December"];
const SITE = {
  title: "The Daily Measure",
  tagline: "All the news that nobody made",
  description: "An invented archive, to measure with.",
  url: "https://measure.example",
};

export default function (config) {
  config.addGlobalData("site", SITE);
  config.addPassthroughCopy({ static: "/" });
  config.amendLibrary("md", (library) => library.set({ typographer: true }).use(footnotes));

  config.addCollection("stories", newest);
  config.addCollection("topics", (api) => groups(newest(api), (story) => story.data.tags));
  config.addCollection("writers", (api) => groups(newest(api), (story) => [story.data.author]));
  config.addCollection("months", (api) => groups(newest(api), (story) => [month(story.date)]));
  config.addCollection("topicPages", (api) => paged(groups(newest(api), (s) => s.data.tags)));
  config.addCollection("writerPages", (api) => paged(groups(newest(api), (s) => [s.data.author])));

  config.addFilter("iso", (date) => date.toISOString());
  config.addFilter("day", day);
  config.addFilter("time", (date) => date.toISOString().slice(11, 16));
  // Eleventy's own filters for this look through the whole collection, for each story.
  config.addFilter("newerThan", (stories, page) => stories[places.get(page.inputPath) - 1]);
  config.addFilter("olderThan", (stories, page) => stories[places.get(page.inputPath) + 1]);
  config.addFilter("byDay", (stories) => groups(stories, (story) => [day(story.date)], false));
  config.addFilter("slug", slug);
  config.addFilter("most", (groups) => groups.toSorted((a, b) => b.stories.length - a.stories.length));
  config.addFilter("limit", (list, many) => list.slice(0, many));
  config.addFilter("json", (data) => JSON.stringify(data).replaceAll("<", "\\u003c"));
  config.addFilter("words", (markup) => markup.replace(/<[^>]*>/g, " ").split(/\s+/).length);

  return {
    dir: { input: ".", output: "_site" },
    markdownTemplateEngine: false, // a story's text is Markdown and no template
    htmlTemplateEngine: "njk",
  };
}

let sorted;
const places = new Map();
function newest(api) {
  sorted ??= api.getFilteredByGlob("content/articles/**/*.md").sort((a, b) => b.date - a.date);
  sorted.forEach((story, place) => places.set(story.inputPath, place));
  return sorted;
}

function groups(stories, keysOf, inOrder = true) {
  const found = new Map();
  for (const story of stories) {
    for (const key of keysOf(story)) {
      if (!found.has(key)) found.set(key, []);
      found.get(key).push(story);
    }
  }
  const all = [...found].map(([name, stories]) => ({ name, stories }));
  return inOrder ? all.sort((a, b) => (a.name < b.name ? -1 : 1)) : all;
}

function paged(all, size = 20) {
  return all.flatMap(({ name, stories }) => {
    const total = Math.ceil(stories.length / size);
    return Array.from({ length: total }, (_, page) => ({
      name,
      count: stories.length,
      number: page + 1,
      total,
      stories: stories.slice(page * size, (page + 1) * size),
    }));
  });
}

function slug(name) {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}

function month(date) {
  return date.toISOString().slice(0, 7);
}

function day(date) {
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}
