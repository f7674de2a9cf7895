import { useCallback, useState } from "react";
import { type AnyVariables, type TypedDocumentNode, useClient } from "urql";
import type { UserErrorCode } from "../gql/graphql.ts";

/** A refusal as mutations answer it. */
export interface UserErrorShown {
  readonly code: UserErrorCode;
  readonly message: string;
  readonly field?: readonly string[] | null;
  readonly jobId?: string | null;
}

interface Payload {
  readonly userErrors: readonly UserErrorShown[];
}

/** Data of a mutation document with one field, whose value is a payload. */
type PayloadOf<Data> = Data[Exclude<keyof Data, "__typename">] & Payload;

/** What became of a mutation: done; refused with reasons to be shown where it was asked for; or not answered, which a toast says. */
export type Outcome<Data> =
  | { readonly done: PayloadOf<Data> }
  | { readonly refused: readonly UserErrorShown[] }
  | { readonly failed: true };

/** A mutation with one field, sent when `act` is called. */
export function useAct<Data extends object, Variables extends AnyVariables>(
  mutation: TypedDocumentNode<Data, Variables>,
): { readonly acting: boolean; act(variables: Variables): Promise<Outcome<Data>> } {
  const client = useClient();
  const [acting, setActing] = useState(false);
  const act = useCallback(
    async (variables: Variables): Promise<Outcome<Data>> => {
      setActing(true);
      try {
        const { data } = await client.mutation(mutation, variables).toPromise();
        const payload = payloadOf(data);
        if (!payload) return { failed: true };
        return payload.userErrors.length > 0 ? { refused: payload.userErrors } : { done: payload };
      } finally {
        setActing(false);
      }
    },
    [client, mutation],
  );
  return { acting, act };
}

function payloadOf<Data extends object>(data: Data | undefined): PayloadOf<Data> | undefined {
  const found = Object.entries(data ?? {}).find(([name]) => name !== "__typename");
  return found?.[1] as PayloadOf<Data> | undefined;
}
