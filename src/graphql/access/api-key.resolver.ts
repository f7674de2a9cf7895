import { Arg, Ctx, Mutation, Query, Resolver } from "type-graphql";
import { idOrUnknown } from "../global-id.ts";
import type { GraphqlContext } from "../graphql-context.ts";
import { IdInput } from "../id.input.ts";
import { payload } from "../payload.ts";
import { CreateApiKeyInput, toCreateApiKey } from "./api-key.input.ts";
import { ApiKeyPayloadType, ApiKeyType, toApiKeyType } from "./api-key.type.ts";

@Resolver()
export class ApiKeyResolver {
  @Query(() => [ApiKeyType], {
    description: "All API keys, the newest first, expired and revoked ones included: 1,000 at most. Needs ADMIN.",
  })
  async apiKeys(@Ctx() { services }: GraphqlContext): Promise<readonly ApiKeyType[]> {
    return (await services.apiKeys.list()).map(toApiKeyType);
  }

  @Mutation(() => ApiKeyPayloadType, { description: "Makes an API key; its secret is shown only now. Needs ADMIN." })
  createApiKey(
    @Arg("input", () => CreateApiKeyInput, { description: "The key." }) input: CreateApiKeyInput,
    @Ctx() { services, origin }: GraphqlContext,
  ): Promise<ApiKeyPayloadType> {
    return payload(async () => {
      const { key, secret } = await services.apiKeys.create(toCreateApiKey(input), origin);
      return { apiKey: toApiKeyType(key), secret: secret.reveal() };
    }, {});
  }

  @Mutation(() => ApiKeyPayloadType, {
    description:
      "Ends an API key for good: requests with it are refused at once, its sockets are closed within 5 seconds. Doing it twice is harmless. The last live ADMIN key is kept. Needs ADMIN.",
  })
  revokeApiKey(
    @Arg("input", () => IdInput, { description: "The API key." }) input: IdInput,
    @Ctx() { services, origin }: GraphqlContext,
  ): Promise<ApiKeyPayloadType> {
    const id = idOrUnknown("key", input.id);
    return payload(async () => ({ apiKey: toApiKeyType(await services.apiKeys.revoke(id, origin)) }), {});
  }
}
