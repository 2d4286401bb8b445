import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const quotas = sqliteTable('quotas', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  model: text('model').notNull().unique(),
  dailyTokens: integer('daily_tokens').notNull(),
});
