// What all stories share.
export default {
  layout: "article.njk",
  eleventyComputed: {
    permalink: ({ page }) => {
      const [year, month] = page.date.toISOString().split("-");
      return `/${year}/${month}/${page.fileSlug}/`;
    },
  },
};
