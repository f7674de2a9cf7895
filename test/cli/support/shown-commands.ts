/** The commands of `tenantry` that a page shows in its blocks for a shell, each as its words. */
export function commandsIn(page: string): readonly (readonly string[])[] {
  const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);
  const lines = blocks.flatMap((block) => block.split("\n")).map((line) => line.replace(/^npx /, ""));
  return lines.filter((line) => line.startsWith("tenantry ")).map((line) => wordsOf(line).slice(1));
}

/** Words as a shell parts them: by blanks, except between quotation marks. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain = ""]) => quoted ?? plain);
}
