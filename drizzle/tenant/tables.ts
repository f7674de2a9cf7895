import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  char,
  date,
  datetime,
  decimal,
  foreignKey,
  index,
  int,
  json,
  mysqlEnum,
  mysqlTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  varchar,
} from "drizzle-orm/mysql-core";

const id = () => bigint("id", { mode: "number", unsigned: true }).autoincrement().primaryKey();
const reference = (name: string) => bigint(name, { mode: "number", unsigned: true });
const createdAt = () => timestamp("created_at", { fsp: 3 }).notNull().default(sql`CURRENT_TIMESTAMP(3)`);

export const users = mysqlTable(
  "users",
  {
    id: id(),
    email: varchar("email", { length: 254 }).notNull(),
    name: varchar("name", { length: 120 }).notNull(),
    locale: varchar("locale", { length: 16 }).notNull().default("en"),
    active: boolean("active").notNull().default(true),
    lastSeenAt: datetime("last_seen_at", { fsp: 3 }),
    createdAt: createdAt(),
  },
  (table) => [uniqueIndex("users_email_unique").on(table.email), index("users_name_index").on(table.name)],
);

export const teams = mysqlTable(
  "teams",
  { id: id(), name: varchar("name", { length: 120 }).notNull(), createdAt: createdAt() },
  (table) => [uniqueIndex("teams_name_unique").on(table.name)],
);

export const roles = mysqlTable(
  "roles",
  {
    id: id(),
    name: varchar("name", { length: 40 }).notNull(),
    description: varchar("description", { length: 200 }).notNull().default(""),
    mayInvite: boolean("may_invite").notNull().default(false),
    createdAt: createdAt(),
  },
  (table) => [uniqueIndex("roles_name_unique").on(table.name)],
);

export const memberships = mysqlTable(
  "memberships",
  {
    teamId: reference("team_id")
      .notNull()
      .references(() => teams.id, { onDelete: "cascade" }),
    userId: reference("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    roleId: reference("role_id").references(() => roles.id),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.userId] }), index("memberships_user_index").on(table.userId)],
);

export const projects = mysqlTable(
  "projects",
  {
    id: id(),
    teamId: reference("team_id")
      .notNull()
      .references(() => teams.id),
    key: varchar("key", { length: 10 }).notNull(),
    name: varchar("name", { length: 200 }).notNull(),
    status: mysqlEnum("status", ["ACTIVE", "PAUSED", "ARCHIVED"]).notNull().default("ACTIVE"),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex("projects_key_unique").on(table.key),
    index("projects_team_status_index").on(table.teamId, table.status),
  ],
);

export const tasks = mysqlTable(
  "tasks",
  {
    id: id(),
    projectId: reference("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    parentId: reference("parent_id"),
    number: int("number").notNull(),
    title: varchar("title", { length: 300 }).notNull(),
    description: text("description"),
    status: mysqlEnum("status", ["OPEN", "DOING", "DONE"]).notNull().default("OPEN"),
    assigneeId: reference("assignee_id").references(() => users.id, { onDelete: "set null" }),
    dueOn: date("due_on"),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex("tasks_project_number_unique").on(table.projectId, table.number),
    index("tasks_assignee_status_index").on(table.assigneeId, table.status),
    index("tasks_due_index").on(table.dueOn),
    foreignKey({ name: "tasks_parent_fk", columns: [table.parentId], foreignColumns: [table.id] }).onDelete("cascade"),
  ],
);

export const comments = mysqlTable(
  "comments",
  {
    id: id(),
    taskId: reference("task_id")
      .notNull()
      .references(() => tasks.id, { onDelete: "cascade" }),
    authorId: reference("author_id").references(() => users.id, { onDelete: "set null" }),
    body: text("body").notNull(),
    createdAt: createdAt(),
  },
  (table) => [index("comments_task_created_index").on(table.taskId, table.createdAt)],
);

export const attachments = mysqlTable(
  "attachments",
  {
    id: id(),
    taskId: reference("task_id")
      .notNull()
      .references(() => tasks.id, { onDelete: "cascade" }),
    fileName: varchar("file_name", { length: 255 }).notNull(),
    contentType: varchar("content_type", { length: 127 }).notNull().default("application/octet-stream"),
    bytes: bigint("bytes", { mode: "number", unsigned: true }).notNull(),
    sha256: char("sha256", { length: 64 }).notNull(),
    createdAt: createdAt(),
  },
  (table) => [index("attachments_task_index").on(table.taskId), index("attachments_sha256_index").on(table.sha256)],
);

export const tags = mysqlTable(
  "tags",
  {
    id: id(),
    name: varchar("name", { length: 60 }).notNull(),
    color: char("color", { length: 7 }).notNull().default("#808080"),
  },
  (table) => [uniqueIndex("tags_name_unique").on(table.name)],
);

export const taskTags = mysqlTable(
  "task_tags",
  {
    taskId: reference("task_id")
      .notNull()
      .references(() => tasks.id, { onDelete: "cascade" }),
    tagId: reference("tag_id")
      .notNull()
      .references(() => tags.id, { onDelete: "cascade" }),
  },
  (table) => [primaryKey({ columns: [table.taskId, table.tagId] }), index("task_tags_tag_index").on(table.tagId)],
);

export const invoices = mysqlTable(
  "invoices",
  {
    id: id(),
    number: varchar("number", { length: 30 }).notNull(),
    teamId: reference("team_id")
      .notNull()
      .references(() => teams.id),
    currency: char("currency", { length: 3 }).notNull().default("EUR"),
    total: decimal("total", { precision: 12, scale: 2 }).notNull().default("0.00"),
    status: mysqlEnum("status", ["DRAFT", "SENT", "PAID", "VOID"]).notNull().default("DRAFT"),
    issuedOn: date("issued_on"),
    dueOn: date("due_on"),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex("invoices_number_unique").on(table.number),
    index("invoices_team_status_index").on(table.teamId, table.status),
    index("invoices_due_index").on(table.dueOn),
  ],
);

export const invoiceItems = mysqlTable(
  "invoice_items",
  {
    id: id(),
    invoiceId: reference("invoice_id")
      .notNull()
      .references(() => invoices.id, { onDelete: "cascade" }),
    position: int("position").notNull(),
    description: varchar("description", { length: 300 }).notNull(),
    quantity: decimal("quantity", { precision: 10, scale: 3 }).notNull().default("1.000"),
    unitPrice: decimal("unit_price", { precision: 12, scale: 2 }).notNull(),
  },
  (table) => [uniqueIndex("invoice_items_position_unique").on(table.invoiceId, table.position)],
);

export const activity = mysqlTable(
  "activity",
  {
    id: id(),
    actorId: reference("actor_id").references(() => users.id, { onDelete: "set null" }),
    subject: varchar("subject", { length: 60 }).notNull(),
    subjectId: reference("subject_id").notNull(),
    verb: varchar("verb", { length: 40 }).notNull(),
    data: json("data"),
    at: datetime("at", { fsp: 3 }).notNull().default(sql`CURRENT_TIMESTAMP(3)`),
  },
  (table) => [
    index("activity_subject_index").on(table.subject, table.subjectId, table.at),
    index("activity_actor_index").on(table.actorId, table.at),
  ],
);
