import { bigint, pgTable, serial, text } from 'drizzle-orm/pg-core';

export const quotas = pgTable('quotas', {
  id: serial('id').primaryKey(),
  model: text('model').notNull().unique(),
  dailyTokens: bigint('daily_tokens', { mode: 'number' }).notNull(),
});
