import { type ExecutionResult, graphql } from "graphql";
import { createContext } from "../../../src/graphql/graphql-context.ts";
import { buildApiSchema } from "../../../src/graphql/schema.ts";
import { anOrigin } from "../../support/builders.ts";
import { type GivenServices, stubServices } from "../../support/stub-services.ts";

const schema = buildApiSchema();

/** Asks the schema itself, without a transport. */
export async function ask(
  given: GivenServices,
  source: string,
  variableValues: Record<string, unknown> = {},
  origin = anOrigin(),
): Promise<ExecutionResult<Record<string, unknown>>> {
  const request = { origin, live: false, client: { signal: new AbortController().signal } };
  const contextValue = createContext(stubServices(given), request);
  const result = await graphql({ schema, source, variableValues, contextValue });
  // As it goes over the wire: without graphql's prototypes, and with errors as they are thrown.
  return { ...result, data: result.data && JSON.parse(JSON.stringify(result.data)) };
}
