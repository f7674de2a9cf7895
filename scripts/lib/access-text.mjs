const kinds = [
  ["Queries", "Query."],
  ["Mutations", "Mutation."],
  ["Subscriptions", "Subscription."],
];

/** The page on who may do what, from the table that the service goes by. */
export function accessPage(infos) {
  const tables = kinds.map(([title, prefix]) => fieldTable(title, prefix, infos));
  const types = infos.filter(({ name }) => !name.includes("."));
  const rows = types.map(({ name, role }) => `| \`${name}\` | ${role} |`);
  return `# Who may do what

Written by \`npm run generate\` from \`src/access/roles.ts\`, by which the service itself goes.

Every request needs an API key or a token: \`Authorization: Bearer <key>\`, over WebSocket the same text as \`authorization\` in the
payload of \`connection_init\`. Without one the answer is 401 with the code UNAUTHENTICATED, before anything of the request is
read. A key has a role, and each role may what those before it may: VIEWER, OPERATOR, ADMIN. Asking for more is FORBIDDEN,
and the attempt is in the [audit log](security.md#the-audit-log).

A key's share of the rate limit (\`TENANTRY_RATE_LIMIT\` points a second, five seconds' worth at once) is spent by what it asks:
a small query costs a point, a large one a point per 250 fields that it may answer, a mutation what the table says.

${tables.join("\n")}
## Types

By whatever way somebody comes to them, \`node\` included, these types need a role. All others need VIEWER.

| type | role |
|---|---|
${rows.join("\n")}
`;
}

function fieldTable(title, prefix, infos) {
  const fields = infos.filter(({ name }) => name.startsWith(prefix));
  const priced = fields.some(({ points }) => points !== undefined);
  const rows = fields.map(({ name, role, points }) => {
    const cells = [`\`${name.slice(prefix.length)}\``, role, ...(priced ? [points] : [])];
    return `| ${cells.join(" | ")} |`;
  });
  const head = priced ? "| field | role | points |\n|---|---|---|" : "| field | role |\n|---|---|";
  return `## ${title}\n\n${head}\n${rows.join("\n")}\n`;
}
