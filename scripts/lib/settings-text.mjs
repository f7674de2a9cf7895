// The documentation of the settings, written from the table in src/config.ts.

const introduction = `# Configuration

tenantry is configured by environment variables. \`npm start\` also reads a file \`.env\` in the working directory; the
environment goes first. An empty value counts as absent. Everything that is wrong is said at once, before anything is started.

This page is written from the table in \`src/config.ts\` by \`npm run generate\`.
`;

/** docs/configuration.md. @param {{ name: string, section: string, fallback: string, meaning: string }[]} infos */
export function configurationPage(infos) {
  const sections = bySection(infos).map(([section, members]) => {
    const rows = members.map(({ name, fallback, meaning }) => `| \`${name}\` | ${fallback} | ${meaning} |`);
    return [`## ${section}`, "", "| name | default | meaning |", "|---|---|---|", ...rows, ""].join("\n");
  });
  return [introduction, ...sections].join("\n");
}

/** .env.example */
export function exampleFile(infos) {
  const sections = bySection(infos).map(([section, members]) => {
    const lines = members.map(({ name, fallback, meaning }) => `# ${meaning}\n# Default: ${fallback}.\n#${name}=\n`);
    return [`## ${section}\n`, ...lines].join("\n");
  });
  return `# Copy to .env and take the # away where you want something else. Written by \`npm run generate\`.\n\n${sections.join("\n")}`;
}

function bySection(infos) {
  const sections = new Map();
  for (const info of infos) sections.set(info.section, [...(sections.get(info.section) ?? []), info]);
  return [...sections];
}
