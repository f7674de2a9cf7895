import { section } from "../kit/setting.ts";
import {
  anyText,
  apiKey,
  connectionUrl,
  encryptionKeys,
  filePaths,
  oneOf,
  origins,
  ratingBands,
  rolesByValue,
  safeAddress,
  signatureNames,
  truth,
  webAddress,
  whole,
} from "../kit/setting-readers.ts";

const listening = section("Listening");
const databases = section("Databases");
const keys = section("Keys");
const tokens = section("Tokens");
const work = section("Work");
const limits = section("Limits");
const logging = section("Logging");
const commandLine = section("Command line");

/** Every setting there is, by its key in the code. The documentation and the example file are written from it. */
export const settings = {
  port: listening.preset("PORT", "4000", whole(0, 65_535), "Port to listen on; 0 takes any free one."),
  host: listening.preset("HOST", "127.0.0.1", anyText, "Address to listen on; 0.0.0.0 is all of them."),
  corsOrigins: listening.optional(
    "TENANTRY_CORS_ORIGINS",
    "none",
    origins,
    "Origins of other sites whose pages may call the API, with commas between them.",
  ),
  dataDir: databases.preset(
    "TENANTRY_DATA_DIR",
    ".tenantry",
    anyText,
    "Folder of the private MariaDB and of the generated keys; two services never share one.",
  ),
  registryUrl: databases.optional(
    "TENANTRY_REGISTRY_URL",
    "a private MariaDB in the data folder",
    connectionUrl("with a database"),
    "The registry, as `mysql://user:password@host:port/database`; the database is created when missing.",
  ),
  serverUrl: databases.optional(
    "TENANTRY_SERVER_URL",
    "the registry's server",
    connectionUrl("with or without a database"),
    "Admin connection of the first tenant server, as `mysql://user:password@host:port`.",
  ),
  mariadbd: databases.optional(
    "TENANTRY_MARIADBD",
    "looked for, else downloaded",
    anyText,
    "Path of the mariadbd program that runs the private MariaDB.",
  ),
  registryConnections: databases.preset(
    "TENANTRY_REGISTRY_CONNECTIONS",
    "10",
    whole(3, 200),
    "Most connections to the registry at a time; a third of them is for admissions.",
  ),
  serverConnections: databases.optional(
    "TENANTRY_SERVER_CONNECTIONS",
    "a quarter of its max_connections, 8 to 40",
    whole(2, 1_000),
    "Most connections to one tenant server at a time.",
  ),
  encryptionKeys: keys.optional(
    "TENANTRY_ENCRYPTION_KEY",
    "generated with the private MariaDB, else required",
    encryptionKeys,
    "Base64 of 32 bytes that encrypts the tenants' passwords; of several, the first encrypts and all decrypt.",
  ),
  adminKey: keys.optional(
    "TENANTRY_ADMIN_KEY",
    "generated at the first start and shown once",
    apiKey,
    "The first ADMIN API key: 16 to 200 printable characters.",
  ),
  jwtJwksUrl: tokens.optional(
    "TENANTRY_JWT_JWKS_URL",
    "no tokens, API keys only",
    safeAddress,
    "Where the issuer of tokens (JWT) shows its public keys (JWKS); with it go TENANTRY_JWT_ISSUER and TENANTRY_JWT_AUDIENCE.",
  ),
  jwtIssuer: tokens.optional("TENANTRY_JWT_ISSUER", "none", anyText, "What a token must have as `iss`."),
  jwtAudience: tokens.optional("TENANTRY_JWT_AUDIENCE", "none", anyText, "What a token must have as `aud`."),
  jwtRoleClaim: tokens.preset(
    "TENANTRY_JWT_ROLE_CLAIM",
    "roles",
    anyText,
    "Claim that says what a caller may do, a text or a list; dots lead into it, as in `realm_access.roles`.",
  ),
  jwtRoles: tokens.preset(
    "TENANTRY_JWT_ROLES",
    "VIEWER=VIEWER,OPERATOR=OPERATOR,ADMIN=ADMIN",
    rolesByValue,
    "Role for each value of the claim, as `value=ROLE` with commas between them; of several the highest counts.",
  ),
  jwtAlgorithms: tokens.preset(
    "TENANTRY_JWT_ALGORITHMS",
    "RS256,PS256,ES256,EdDSA",
    signatureNames,
    "Signatures that a token may have, with commas between them; never `none`, never one with a shared secret.",
  ),
  tenantMigrations: work.optional(
    "TENANTRY_TENANT_MIGRATIONS",
    "drizzle/tenant",
    anyText,
    "Folder of the migrations that every tenant's database gets.",
  ),
  provisionStreams: work.preset(
    "TENANTRY_PROVISION_STREAMS",
    "3",
    whole(1, 32),
    "Tenants provisioned at the same time on one server; more than four is slower.",
  ),
  migrationDeadlineMs: work.preset(
    "TENANTRY_MIGRATION_DEADLINE_MS",
    "120000",
    whole(1_000, 86_400_000),
    "Milliseconds that the migration of one tenant may take.",
  ),
  jobLeaseMs: work.preset(
    "TENANTRY_JOB_LEASE_MS",
    "15000",
    whole(1_000, 600_000),
    "Milliseconds after which the work of a service that died is taken up again.",
  ),
  retentionDays: work.preset(
    "TENANTRY_RETENTION_DAYS",
    "30",
    whole(1, 3_650),
    "Days that ended jobs, test runs, events and samples stay.",
  ),
  ratingBands: work.preset(
    "TENANTRY_RATING_BANDS",
    "25,50,100,500",
    ratingBands,
    "Upper limits in milliseconds of EXCELLENT, GOOD, FAIR and SLOW; above is CRITICAL.",
  ),
  testMaxOperations: limits.preset(
    "TENANTRY_TEST_MAX_OPERATIONS",
    "1500",
    whole(1, 1_000_000),
    "Hard limit of the operations of one performance test.",
  ),
  rateLimit: limits.preset(
    "TENANTRY_RATE_LIMIT",
    "2000",
    whole(0, 1_000_000),
    "Cost points per second and API key, where a small query costs 1; 0 is no limit.",
  ),
  compileQueries: work.preset(
    "TENANTRY_COMPILE_QUERIES",
    "true",
    truth,
    "Whether queries that are asked for often over HTTP are compiled into functions; false: all are interpreted.",
  ),
  trustedDocuments: limits.optional(
    "TENANTRY_TRUSTED_DOCUMENTS",
    "none",
    filePaths,
    "Manifests of documents that clients may ask for by hash, as code generators write them: paths with commas between them.",
  ),
  trustedDocumentsOnly: limits.preset(
    "TENANTRY_TRUSTED_DOCUMENTS_ONLY",
    "false",
    truth,
    "true: documents that are in no manifest are refused.",
  ),
  logLevel: logging.preset(
    "LOG_LEVEL",
    "info",
    oneOf("debug", "info", "warn", "error", "silent"),
    "The least important events to log: debug, info, warn, error or silent.",
  ),
  logFormat: logging.preset(
    "TENANTRY_LOG_FORMAT",
    "auto",
    oneOf("auto", "json", "pretty"),
    "json, pretty, or auto: pretty at a terminal, JSON elsewhere.",
  ),
  nodeEnv: logging.preset(
    "NODE_ENV",
    "production",
    oneOf("production", "development", "test"),
    "production, development or test.",
  ),
  url: commandLine.preset(
    "TENANTRY_URL",
    "http://127.0.0.1:4000",
    webAddress,
    "Where the command line finds the service.",
  ),
  apiKey: commandLine.optional(
    "TENANTRY_API_KEY",
    "the data folder's admin key",
    apiKey,
    "API key that the command line uses.",
  ),
};
