import { bigint, index, integer, pgTable, serial, text } from 'drizzle-orm/pg-core';

export const requestUsage = pgTable(
  'request_usage',
  {
    id: serial('id').primaryKey(),
    requestId: text('request_id').notNull().unique(),
    date: bigint('date', { mode: 'number' }).notNull(),
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
