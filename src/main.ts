#!/usr/bin/env node
import { fileURLToPath } from "node:url";
import type { Start } from "./serve.ts";

// Service and command line are loaded each alone: neither pays for what the other one needs.
const start: Start = { env: process.env, packageRoot: fileURLToPath(new URL("..", import.meta.url)) };

async function serve(): Promise<number> {
  const service = await import("./serve.ts");
  return service.serve(start);
}

async function command(args: readonly string[]): Promise<number> {
  const { runFromShell } = await import("./command-line.ts");
  return runFromShell(args, { ...start, serve });
}

const args = process.argv.slice(2);
process.exit(await (args.join(" ") === "serve" ? serve() : command(args)));
