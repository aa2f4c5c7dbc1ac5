// Make variants of all pictures of a folder, in these widths, with the qualities that it has itself.
import Image from "@11ty/eleventy-img";
import fs from "node:fs";
import path from "node:path";

const [from, to, ...widths] = process.argv.slice(2);
const options = {
  widths: widths.map(Number),
  formats: ["avif", "jpeg"],
  outputDir: to,
  useCache: false,
  filenameFormat: (id, source, width, format) => `${path.parse(source).name}-${width}.${format}`,
};
await Promise.all(fs.readdirSync(from).map((name) => Image(path.join(from, name), options)));
