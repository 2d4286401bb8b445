import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const requestUsage = sqliteTable(
  'request_usage',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    requestId: text('request_id').notNull().unique(),
    date: integer('date').notNull(),
    provider: text('provider').notNull(),
    model: text('model').notNull(),
    isStreamed: integer('is_streamed').notNull(),
    tokensInput: integer('tokens_input').notNull().default(0),
    tokensOutput: integer('tokens_output').notNull().default(0),
    clientRequestId: text('client_request_id'),
    finishReason: text('finish_reason'),
  },
  (table) => [index('request_usage_date_idx').on(table.date)],
);
