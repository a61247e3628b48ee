// Renders each Markdown text of a JSON list on standard input with markdown-it, raw HTML on.
import MarkdownIt from "markdown-it";

let input = "";
for await (const chunk of process.stdin) input += chunk;
const renderer = new MarkdownIt({ html: true });
process.stdout.write(JSON.stringify(JSON.parse(input).map((text) => renderer.render(text))));
