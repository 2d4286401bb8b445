import { bigint, pgTable, serial, text, varchar } from 'drizzle-orm/pg-core';

export const apiKeys = pgTable('api_keys', {
  id: serial('id').primaryKey(),
  name: varchar('name', { length: 100 }).notNull(),
  keyHash: text('key_hash').notNull().unique(),
  note: text('note').notNull(),
  createdAt: bigint('created_at', { mode: 'number' }).notNull(),
});
